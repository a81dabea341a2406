package latchkey;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A list that is fetched a page at a time, whenever the page before is used up. Each iteration begins anew.
 *
 * @param <T> what is listed
 */
public final class Pages<T> implements Iterable<T> {
  private final Function<String, Page<T>> fetch;

  /** A page; {@code next} is the cursor of the next one, or null. */
  record Page<T>(List<T> items, String next) {}

  Pages(Function<String, Page<T>> fetch) {
    this.fetch = fetch;
  }

  /** All items, in order. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private Iterator<T> items = List.<T>of().iterator();
      private String cursor;
      private boolean isLast;

      @Override
      public boolean hasNext() {
        while (!items.hasNext() && !isLast) {
          Page<T> page = fetch.apply(cursor);
          items = page.items().iterator();
          cursor = page.next();
          isLast = cursor == null;
        }
        return items.hasNext();
      }

      @Override
      public T next() {
        if (!hasNext()) throw new NoSuchElementException();
        return items.next();
      }
    };
  }
}
