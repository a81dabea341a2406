// Other spellings that PostgreSQL would take (braces, no dashes, urn:uuid:) are refused, so this is the only one to bring to one.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID (RFC 9562, section 4), in small letters or capitals. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The one spelling of a UUID, in small letters; any other text stays as it is. */
export function canonicalUuid(text: string): string {
  return isUuid(text) ? text.toLowerCase() : text;
}
