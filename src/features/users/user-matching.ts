/** Whom a text finds, in SQL. */
import { normalizePartOfEmailAddress } from '../../platform/formats/email-address.ts';
import { uuidsFrom } from '../../platform/formats/uuid.ts';

type Bind = (value: string) => string;

/** The condition that a text finds a row with `id`, `email` and `name`, which is in lower case; `bind` adds a value and returns its placeholder. */
export function matching(text: string, bind: Bind): string {
  const ids = uuidsFrom(withoutEdges(text));
  const id = ids ? [`id between ${bind(ids.first)} and ${bind(ids.last)}`] : [];
  return either([...ofTexts(text, bind, escape), ...id]);
}

/**
 * What trigrams know of that condition: letters and digits. Ids are left out: PostgreSQL takes a range at the end of all ids, such as that
 * of whoever came last, for one row in two hundred.
 */
export function matchingWords(text: string, bind: Bind): string {
  return either(ofTexts(text, bind, wordsOf));
}

/**
 * Conditions for `email` and `name`, of which one suffices; `patternOf` writes text for LIKE. Trigrams tell one or two characters only at the
 * edge of a word. Both sides are lowercased in a named collation, since the database's own may have other rules, or know only ASCII.
 */
function ofTexts(given: string, bind: Bind, patternOf: (text: string) => string): string[] {
  const text = withoutEdges(given);
  const { part, ofDomain } = normalizePartOfEmailAddress(text);
  const hasName = (pattern: string) => `name like lower(${bind(pattern)}::text collate "und-x-icu")`;
  const hasAddress = (pattern: string) => `email like ${bind(pattern)}`;
  const [literal, literalPart, literalOfDomain] = [text, part, ofDomain].map(patternOf) as [string, string, string];
  const { length } = Array.from(text);
  if (length > 2) {
    const domain = ofDomain === part ? [] : [hasAddress(`%${literalOfDomain}%`)];
    return [hasName(`%${literal}%`), hasAddress(`%${literalPart}%`), ...domain];
  }
  const beginning = [hasName(`${literal}%`), hasName(`% ${literal}%`), hasAddress(`${literalPart}%`)];
  return length === 1 ? beginning : [...beginning, hasName(`%${literal}`), hasName(`%${literal} %`)];
}

const either = (conditions: readonly string[]) => `(${conditions.join(' or ')})`;
const escape = (text: string) => text.replace(/[\\%_]/g, '\\$&');
const wordsOf = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '%');

// No name or address begins or ends with a space, but what people paste does.
const withoutEdges = (text: string) => text.trim() || text;
