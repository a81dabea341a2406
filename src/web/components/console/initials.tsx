import { initialsOf } from '../user-picture.tsx';

const tints = 6;

/** The first letters of a name, in a colour that stays the same for the same id. */
export function Initials({ name, id }: { readonly name: string; readonly id: string }) {
  // The end of an id is random; its beginning is the time.
  const tint = parseInt(id.slice(-4), 16) % tints;
  return <span class={`initials tint-${tint}`} data-letters={initialsOf(name)} aria-hidden="true" />;
}
