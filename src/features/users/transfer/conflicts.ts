import { isForeignHash } from '../../passwords/foreign/portable-hash.ts';
import { noPassword } from '../no-password.ts';
import type { Holder, UserToAdd } from './import.repository.ts';
import type { Refusal } from './user-line.ts';

/** A user read from a file. */
export interface Candidate {
  readonly line: number;
  readonly user: UserToAdd;
  /** Whether the id comes from the file; otherwise it was generated for this import. */
  readonly hasOwnId: boolean;
}

/** Users who already have an id or an address that a file contains. */
export interface Holders {
  readonly byId: ReadonlyMap<string, Holder>;
  readonly byEmail: ReadonlyMap<string, Holder>;
}

export function indexHolders(holders: readonly Holder[]): Holders {
  const present = holders.filter(({ isDeleted }) => !isDeleted);
  return {
    byId: new Map(holders.map((holder) => [holder.id, holder])),
    byEmail: new Map(present.map((holder) => [holder.email, holder])),
  };
}

/** Separates candidates who were added, by their ids, from the rest; of several with the same id, the first was added. */
export function separate(
  candidates: readonly Candidate[],
  addedIds: ReadonlySet<string>,
): { readonly added: Candidate[]; readonly rest: Candidate[] } {
  const unclaimed = new Set(addedIds);
  const [added, rest]: [Candidate[], Candidate[]] = [[], []];
  for (const candidate of candidates) (unclaimed.delete(candidate.user.id) ? added : rest).push(candidate);
  return { added, rest };
}

/** Why a user who could not be added is refused; `undefined` if an earlier import of the same line added them. */
export function judge(candidate: Candidate, { byId, byEmail }: Holders): Refusal | undefined {
  const { user } = candidate;
  const ofId = byId.get(user.id);
  const holder = ofId ?? byEmail.get(user.email);
  if (!holder) return { reason: 'conflicted with a change made at the same time', remedy: 'import the file again' };
  if (ofId?.isDeleted) {
    const remedy = 'restore that user instead, or leave the id out';
    return { field: 'id', reason: 'belongs to a user who was deleted', remedy };
  }
  if (ofId && ofId.email !== user.email) {
    const reason = 'belongs to a user with another address, in the database or on an earlier line';
    return { field: 'id', reason, remedy: 'leave it out, or correct the address' };
  }
  if (isSame(candidate, holder)) return undefined;
  if (ofId) {
    const remedy = 'leave the line out: an import never changes an existing user';
    return { field: 'password_hash', reason: 'differs from what this user has', remedy };
  }
  const reason = 'belongs to another user, in the database or on an earlier line';
  return { field: 'email', reason, remedy: 'keep one of the two lines, or leave this one out' };
}

/** Whether both are the same user. Signing in renews an imported hash; after that, the id or the creation time decides. */
function isSame({ user, hasOwnId }: Candidate, holder: Holder): boolean {
  if (hasOwnId && holder.id !== user.id) return false;
  // Without a password, two lines with one address may be two people.
  const isTold = user.passwordHash !== undefined || hasOwnId || holder.fullName === user.fullName;
  if (isTold && holder.passwordHash === (user.passwordHash ?? noPassword)) return true;
  const isSameTime = user.createdAt !== undefined && holder.createdAt.getTime() === Date.parse(user.createdAt);
  return (hasOwnId || isSameTime) && !isForeignHash(holder.passwordHash);
}
