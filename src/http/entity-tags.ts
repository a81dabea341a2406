import type { User } from '../access/user.ts';

type Version = Pick<User, 'id' | 'version'>;

/** The strong entity tag of a version of a user; no other user has it. */
export function entityTag({ id, version }: Version): string {
  return `"${id}.${version}"`;
}

/**
 * Reads `If-Match` (RFC 9110, section 13.1.1), whose form the contract checks: without it, and with `*`, any version will do; weak
 * tags never match.
 */
export function ifMatch(header: string | undefined): (user: Version) => boolean {
  if (header === undefined || header === '*') return () => true;
  const tags = new Set(header.match(/(W\/)?"[^"]*"/g));
  return (user) => tags.has(entityTag(user));
}
