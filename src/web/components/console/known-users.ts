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

type Named = components['schemas']['AuditedUser'];

const nameKeyOf = (id: string) => `name ${id}`;

/** Notes who is in some events. Whoever is not among `users` is erased. */
export function noteNames(
  kept: Map<string, unknown>,
  { items, users }: Pick<components['schemas']['AuditTrailPage'], 'items' | 'users'>,
): void {
  const ids = items.flatMap(({ user_id, actor_id }) => [user_id, actor_id]).filter((id) => id !== null);
  for (const id of ids) kept.set(nameKeyOf(id), 'erased');
  for (const user of users) kept.set(nameKeyOf(user.id), user);
}

/** Who a user is, if somebody has seen them or an event of theirs; null if they are erased. */
export function findName(
  kept: Map<string, unknown>,
  id: string,
): Pick<Named, 'full_name' | 'email' | 'is_deleted'> | null | undefined {
  const user = findUser(kept, id);
  if (user) return { full_name: user.full_name, email: user.email, is_deleted: false };
  const named = kept.get(nameKeyOf(id)) as Named | 'erased' | undefined;
  return named === 'erased' ? null : named;
}

/** A user of a list that may be older than what is known of them; `undefined` if they are deleted. */
export function asLastSeen(kept: Map<string, unknown>, listed: User): User | undefined {
  const known = kept.get(nameOf(listed.id)) as Known;
  if (known === 'deleted') return undefined;
  return known && known.updated_at > listed.updated_at ? known : listed;
}
