import type { components } from '../../../../openapi/clients/typescript/index.ts';

type User = components['schemas']['User'];

/** What is known of a user who was loaded by itself, or changed, since a list was. */
type Known = User | 'deleted' | undefined;

const nameOf = (id: string) => `user ${id}`;

export function noteUser(kept: Map<string, unknown>, user: User): void {
  kept.set(nameOf(user.id), user);
}

export function noteDeletion(kept: Map<string, unknown>, id: string): void {
  kept.set(nameOf(id), 'deleted');
}

/** The user as they were last seen, if they were. */
export function findUser(kept: Map<string, unknown>, id: string): User | undefined {
  const known = kept.get(nameOf(id)) as Known;
  return known === 'deleted' ? undefined : known;
}

/** A user of a list that may be older than what is known of them; `undefined` if they are deleted. */
export function asLastSeen(kept: Map<string, unknown>, listed: User): User | undefined {
  const known = kept.get(nameOf(listed.id)) as Known;
  if (known === 'deleted') return undefined;
  return known && known.updated_at > listed.updated_at ? known : listed;
}
