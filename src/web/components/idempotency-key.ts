import { useRef } from 'preact/hooks';

/** A key for one request: when its answer is lost, it is sent again with the same key, and creates nothing twice. */
export const newIdempotencyKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** One key for each body that a form sends. */
export function useIdempotencyKey(): (body: object) => string {
  const last = useRef({ body: '', key: '' });
  return (given) => {
    const body = JSON.stringify(given);
    if (last.current.body !== body) last.current = { body, key: newIdempotencyKey() };
    return last.current.key;
  };
}
