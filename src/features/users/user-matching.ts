/** Whom a text finds, in SQL. */
import { normalizePartOfEmailAddress } from '../../platform/formats/email-address.ts';
import { uuidsFrom } from '../../platform/formats/uuid.ts';

/**
 * The condition that a text finds a row with `id`, `email` and `name`, which is in lower case; `bind` adds a value and returns its
 * placeholder, and `patternOf` writes text for LIKE. Trigrams tell one or
 * two characters only at the edge of a word. Both sides are lowercased in a named collation, since the database's own may have other
 * rules, or know only ASCII.
 */
export function matching(
  given: string,
  bind: (value: string) => string,
  patternOf: (text: string) => string = escape,
): string {
  // No name or address begins or ends with a space, but what people paste does.
  const text = given.trim() || given;
  const { part, ofDomain } = normalizePartOfEmailAddress(text);
  const hasName = (pattern: string) => `name like lower(${bind(pattern)}::text collate "und-x-icu")`;
  const hasAddress = (pattern: string) => `email like ${bind(pattern)}`;
  const [literal, literalPart, literalOfDomain] = [text, part, ofDomain].map(patternOf) as [string, string, string];
  const { length } = Array.from(text);
  if (length > 2) {
    const domain = ofDomain === part ? [] : [hasAddress(`%${literalOfDomain}%`)];
    const ids = uuidsFrom(text);
    const id = ids ? [`id between ${bind(ids.first)} and ${bind(ids.last)}`] : [];
    return either(hasName(`%${literal}%`), hasAddress(`%${literalPart}%`), ...domain, ...id);
  }
  const beginning = [hasName(`${literal}%`), hasName(`% ${literal}%`), hasAddress(`${literalPart}%`)];
  if (length === 1) return either(...beginning);
  return either(...beginning, hasName(`%${literal}`), hasName(`%${literal} %`));
}

const either = (...conditions: string[]) => `(${conditions.join(' or ')})`;
const escape = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** What trigrams know of a text. */
export const wordsOf = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '%');
