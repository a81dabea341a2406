/** A version of something that has an id. */
interface Version {
  readonly id: string;
  readonly version: number;
}

/** The strong entity tag of a version; nothing else has it. */
export function entityTag({ id, version }: Version): string {
  return `"${id}.${version}"`;
}

/**
 * Reads `If-Match` (RFC 9110, section 13.1.1), whose form the contract checks: without it, and with `*`, any version will do; weak
 * tags never match.
 */
export function ifMatch(header: string | undefined): (current: Version) => boolean {
  if (header === undefined || header === '*') return () => true;
  const tags = new Set(header.match(/(W\/)?"[^"]*"/g));
  return (current) => tags.has(entityTag(current));
}
