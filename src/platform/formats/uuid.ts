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
