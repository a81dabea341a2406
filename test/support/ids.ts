/** Ids for tests. */

/** An id that no user has. */
export const nobodysId = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';

/** Equivalent spellings of an id. */
export const otherSpellings: readonly (readonly [what: string, spell: (id: string) => string])[] = [
  ['capitals', (id) => id.toUpperCase()],
  ['one capital', (id) => id.replace(/[a-f]/, (letter) => letter.toUpperCase())],
];
