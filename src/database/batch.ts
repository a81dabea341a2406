/**
 * Asks for many at once: what is asked for in one turn of the event loop becomes one query, begun after the last of its questions;
 * so an answer is as fresh as that of a query of its own, and nothing is remembered.
 */
export function batch<Key, Value>(
  find: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let next: { readonly keys: Set<Key>; readonly found: Promise<ReadonlyMap<Key, Value>> } | undefined;

  function gather() {
    const keys = new Set<Key>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return find([...keys]);
    });
    return { keys, found };
  }

  return async (key) => {
    const { keys, found } = (next ??= gather());
    keys.add(key);
    return (await found).get(key);
  };
}
