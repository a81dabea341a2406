/** Finds passwords that are made of patterns. All functions take the code points of a folded text, and run in linear time. */

// Keys and letters that follow each other; each is also read backwards. Keyboards of English, German, French and Russian.
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '13579',
  '02468',
  'qwertyuiop[]',
  "asdfghjkl;'",
  'zxcvbnm,./',
  '!@#$%^&*()_+',
  'qwertzuiop\u00fc+',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '\u0439\u0446\u0443\u043a\u0435\u043d\u0433\u0448\u0449\u0437\u0445\u044a',
  '\u0444\u044b\u0432\u0430\u043f\u0440\u043e\u043b\u0434\u0436\u044d',
  '\u044f\u0447\u0441\u043c\u0438\u0442\u044c\u0431\u044e',
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.'],
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qawsedrftgyhujikolp',
];

const steps = stepsOf(rows.flatMap((row) => [row, Array.from(row).reverse().join('')]));

/** The rows in which the second of two characters follows the first. */
function stepsOf(directions: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  directions.forEach((row, direction) => {
    for (let index = 1; index < row.length; index++) {
      const pair = row.slice(index - 1, index + 1);
      found.set(pair, [...(found.get(pair) ?? []), direction]);
    }
  });
  return found;
}

/** A part of a text: one character again and again, neighbours in one direction, or a character that belongs to neither. */
interface Piece {
  readonly kind: 'repeat' | 'sequence' | 'single';
  readonly length: number;
}

// Words contain pairs of neighbours by chance.
const minRunLength = 3;

/** Cuts a text into its longest repeats and sequences, from the left. */
function piecesOf(text: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < text.length;) {
    const repeat = repeatAt(text, start);
    const sequence = sequenceAt(text, start);
    const length = Math.max(repeat, sequence);
    const isRun = length >= minRunLength;
    pieces.push({ kind: isRun ? (repeat >= sequence ? 'repeat' : 'sequence') : 'single', length: isRun ? length : 1 });
    start += isRun ? length : 1;
  }
  return pieces;
}

function repeatAt(text: readonly string[], start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] === text[start]) end++;
  return end - start;
}

function sequenceAt(text: readonly string[], start: number): number {
  let directions = steps.get(`${text[start]}${text[start + 1]}`) ?? [];
  if (directions.length === 0) return 1;
  let end = start + 2;
  while (end < text.length) {
    const next = steps.get(`${text[end - 1]}${text[end]}`) ?? [];
    const kept = directions.filter((direction) => next.includes(direction));
    if (kept.length === 0) break;
    directions = kept;
    end++;
  }
  return end - start;
}

/** How hard a text is to guess, in characters: a repeat or a sequence counts as one. */
export function weightOf(text: readonly string[]): number {
  return piecesOf(text).length;
}

// Such as the `1!` after `abcdefgh`.
const maxSingles = 2;

/**
 * The pattern that a whole text consists of, if any: at most two different characters, a few characters repeated, or neighbours on a
 * keyboard, in the alphabet or among the digits. A repeated part is fine if it has `minLength` characters by itself.
 */
export function patternOf(text: readonly string[], minLength: number): 'repeats' | 'sequence' | undefined {
  if (new Set(text).size <= 2) return 'repeats';
  const period = periodOf(text);
  if (period < minLength && text.length >= period * 1.5) return 'repeats';
  const pieces = piecesOf(text);
  if (pieces.filter(({ kind }) => kind === 'single').length > maxSingles) return undefined;
  return pieces.some(({ kind }) => kind === 'sequence') ? 'sequence' : 'repeats';
}

/** After how many characters a text repeats; the last repetition may be cut off (Knuth, Morris and Pratt). */
function periodOf(text: readonly string[]): number {
  const borders = [0];
  for (let index = 1; index < text.length; index++) {
    let border = borders[index - 1] ?? 0;
    while (border > 0 && text[index] !== text[border]) border = borders[border - 1] ?? 0;
    borders.push(text[index] === text[border] ? border + 1 : 0);
  }
  return text.length - (borders.at(-1) ?? 0);
}
