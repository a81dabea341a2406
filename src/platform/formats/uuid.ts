// Other spellings that PostgreSQL accepts (braces, no dashes, urn:uuid:) are refused, so only case needs normalising.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID (RFC 9562, section 4), in lower or upper case. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The canonical spelling of a UUID, in lower case; any other text stays as it is. */
export function canonicalUuid(text: string): string {
  return isUuid(text) ? text.toLowerCase() : text;
}

/** The first and the last UUID that begin with a text of at least eight digits, in lower case; `undefined` if none does. */
export function uuidsFrom(text: string): { readonly first: string; readonly last: string } | undefined {
  if (text.length < 8) return undefined;
  const [first, last] = [lowest, highest].map((end) => text.toLowerCase() + end.slice(text.length)) as [string, string];
  return isUuid(first) ? { first, last } : undefined;
}

const lowest = '00000000-0000-0000-0000-000000000000';
const highest = lowest.replaceAll('0', 'f');
