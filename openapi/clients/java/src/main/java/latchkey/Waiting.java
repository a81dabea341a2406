package latchkey;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waits for results, and tells why there is none. */
final class Waiting {
  private Waiting() {}

  /** Waits for a result, or throws what it failed with. An interrupted thread stops waiting, and stays interrupted. */
  static <T> T await(CompletableFuture<T> result) {
    try {
      return result.get();
    } catch (InterruptedException interrupted) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new NetworkException(interrupted);
    } catch (ExecutionException failed) {
      RuntimeException cause = unchecked(failed.getCause());
      // Its own stack trace is that of another thread.
      cause.addSuppressed(new Exception("the call that failed"));
      throw cause;
    }
  }

  /** What a stage failed with. */
  static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
  }

  /** The same, to be thrown. */
  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) throw error;
    return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
  }
}
