/** A key that nobody else has. `crypto.randomUUID` is not there on pages that came over plain http. */
export function randomKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
