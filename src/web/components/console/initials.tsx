const tints = 6;

/** The first letters of a name, in a colour that stays the same for the same id. */
export function Initials({ name, id }: { readonly name: string; readonly id: string }) {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  // The end of an id is random; its beginning is the time.
  const tint = parseInt(id.slice(-4), 16) % tints;
  return (
    <span class={`initials tint-${tint}`} data-letters={letters.join('').toLocaleUpperCase()} aria-hidden="true" />
  );
}
