/** A version of something that has an id. */
interface Version {
  readonly id: string;
  readonly version: number;
}

/** The strong entity tag of a version; nothing else has it. */
export function entityTag({ id, version }: Version): string {
  return `"${id}.${version}"`;
}

/** The strong entity tag of a picture. */
export function pictureEntityTag(tag: string): string {
  return `"${tag}"`;
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

/**
 * Whether `If-None-Match` (RFC 9110, section 13.1.2) names an entity tag, weak or strong. `Cache-Control` doesn't matter, which `fetch` adds
 * by itself: it is for caches, though Express's `fresh` heeds it.
 */
export function isNamed(header: string | undefined, tag: string | undefined): boolean {
  if (header === undefined || tag === undefined) return false;
  return header === '*' || header.match(/"[^"]*"/g)?.some((named) => named === tag) === true;
}
