import { isForeignHash } from '../../passwords/foreign/portable-hash.ts';
import { noPassword } from '../no-password.ts';
import type { Holder, UserToAdd } from './import.repository.ts';
import type { Refusal } from './user-line.ts';

/** A user of a file. */
export interface Candidate {
  readonly line: number;
  readonly user: UserToAdd;
  /** Whether the id is the file's; otherwise it was made for this import. */
  readonly hasOwnId: boolean;
}

/** Who has ids and addresses already. */
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

/** Separates those who were added, by their ids, from those who were not; of several with one id, the first was. */
export function separate(
  candidates: readonly Candidate[],
  addedIds: ReadonlySet<string>,
): { readonly added: Candidate[]; readonly rest: Candidate[] } {
  const unclaimed = new Set(addedIds);
  const [added, rest]: [Candidate[], Candidate[]] = [[], []];
  for (const candidate of candidates) (unclaimed.delete(candidate.user.id) ? added : rest).push(candidate);
  return { added, rest };
}

/** Why a user who could not be added is refused; `undefined` for one whom an earlier import of the same line added. */
export function judge(candidate: Candidate, { byId, byEmail }: Holders): Refusal | undefined {
  const { user } = candidate;
  const ofId = byId.get(user.id);
  const holder = ofId ?? byEmail.get(user.email);
  if (!holder) return { reason: 'was in the way of a change at the same time', remedy: 'import the file again' };
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
    const remedy = 'leave the line out: an import changes no user who is there';
    return { field: 'password_hash', reason: 'differs from the one that this user has', remedy };
  }
  const reason = 'belongs to another user, in the database or on an earlier line';
  return { field: 'email', reason, remedy: 'keep one of the two lines, or leave this one out' };
}

/** Whether both are one user. The hash is renewed when somebody signs in, so then the id or the time must tell. */
function isSame({ user, hasOwnId }: Candidate, holder: Holder): boolean {
  if (hasOwnId && holder.id !== user.id) return false;
  if (holder.passwordHash === (user.passwordHash ?? noPassword)) return true;
  const isOfOneTime = user.createdAt !== undefined && holder.createdAt.getTime() === Date.parse(user.createdAt);
  return (hasOwnId || isOfOneTime) && !isForeignHash(holder.passwordHash);
}
