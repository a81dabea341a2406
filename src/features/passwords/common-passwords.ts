import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findProject } from '../../platform/project.ts';
import { weightOf } from './password-patterns.ts';

/** The list, written by `npm run passwords:common`: one password per line, folded and sorted by bytes. */
export const commonPasswordsFile = path.join(findProject().root, 'src/features/passwords/common-passwords.txt.gz');

/** Tells whether a folded password, as code points, is a common one or a simple variation. */
export type CommonPasswords = (password: readonly string[]) => boolean;

/** Loads the list, 1.3 MB that lookups search in place. */
export function loadCommonPasswords(): CommonPasswords {
  const lines = gunzipSync(readFileSync(commonPasswordsFile));
  return (password) => {
    if (password.length > maxVariantLength) return false;
    for (const core of coresOf(password)) {
      for (const spelling of spellingsOf(core)) if (holdsLine(lines, spelling)) return true;
    }
    return false;
  };
}

// Passwords are no longer than this, and trying all variants of a longer text would take time.
const maxVariantLength = 128;

// More digits and signs than this around a word are hard to guess by themselves.
const maxDecorationWeight = 8;

/** The whole password, then what remains of it without the digits and signs at its ends. */
function* coresOf(password: readonly string[]): Generator<readonly string[]> {
  const isLetter = password.map((character) => /\p{L}/u.test(character));
  const first = isLetter.indexOf(true);
  const last = isLetter.lastIndexOf(true);
  for (const start of new Set([0, Math.max(first, 0)])) {
    for (let end = password.length; end > Math.max(last, start); end--) {
      const weight = weightOf(password.slice(0, start)) + weightOf(password.slice(end));
      if (weight > maxDecorationWeight) break;
      yield password.slice(start, end);
    }
  }
}

const signs: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '2': 'z', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '+': 't', '(': 'c', '\u20ac': 'e' },
};
const signsOfTwoLetters = ['1', '!', '|'];

/** As it is, without accents, and with signs read as the letters they resemble; some resemble both an i and an l. */
function spellingsOf(core: readonly string[]): Set<string> {
  const whole = core.join('');
  const read = (either: string) =>
    core.map((character) => signs[character] ?? (signsOfTwoLetters.includes(character) ? either : character)).join('');
  return new Set([whole, whole.normalize('NFD').replaceAll(/\p{M}/gu, ''), read('i'), read('l')]);
}

const lineFeed = 10;

/** Whether one of the lines, which are sorted by bytes, is this word. */
export function holdsLine(lines: Buffer, word: string): boolean {
  const wanted = Buffer.from(word);
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle === 0 ? 0 : lines.lastIndexOf(lineFeed, middle - 1) + 1;
    const end = lines.indexOf(lineFeed, start);
    const order = lines.compare(wanted, 0, wanted.length, start, end);
    if (order === 0) return true;
    if (order < 0) low = end + 1;
    else high = start;
  }
  return false;
}
