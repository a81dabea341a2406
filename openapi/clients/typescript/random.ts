/** A unique key. Pages served over plain http have no `randomUUID`, and React Native may have no `crypto` at all. */
export function randomKey(): string {
  const bytes = new Uint8Array(16);
  const { crypto } = globalThis as Partial<typeof globalThis>;
  if (crypto) crypto.getRandomValues(bytes);
  else bytes.forEach((_, index) => (bytes[index] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
