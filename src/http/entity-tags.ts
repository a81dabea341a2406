/** The strong entity tag of a version. */
export function entityTag(entity: { version: number }): string {
  return `"${entity.version}"`;
}

/** Reads `If-Match` (RFC 9110, section 13.1.1): without it, and with `*`, any version will do; weak tags never match. */
export function ifMatch(header: string | undefined): (entity: { version: number }) => boolean {
  if (header === undefined || header.trim() === '*') return () => true;
  const tags = new Set(header.split(',').map((tag) => tag.trim()));
  return (entity) => tags.has(entityTag(entity));
}
