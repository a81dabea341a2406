import { raw, ref } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import type { Role } from '../../access/user.ts';
import { prepare } from '../../platform/database/prepared.ts';
import { UserModel } from '../users/joined-user.ts';
import type { Factor, FactorKind, SecondFactor } from './factor.ts';
import { FactorModel } from './factors.model.ts';

export { hasUser, lockUser } from '../users/joined-user.ts';

export interface NewFactor {
  readonly id: string;
  readonly userId: string;
  readonly kind: FactorKind;
  readonly name: string;
}

/** Ends the validity of whatever was created under the user's factors so far, such as sessions and one-time secrets. */
export async function raiseCredentialsVersion(db: Db, userId: string): Promise<void> {
  await UserModel.query(db)
    .patch({ credentials_version: raw('credentials_version + 1') })
    .where({ id: userId });
}

/** How a user can prove who they are after the first factor; nothing if they have no second one. The quickest to use comes first. */
export async function findKinds(db: Db, userId: string): Promise<SecondFactor[]> {
  const rows = await selectKinds(db, userId);
  return rows.map(({ kind }) => kind);
}

const selectKinds = prepare<{ readonly kind: SecondFactor }>(
  `select kind from (
    select distinct kind, case kind when 'passkey' then 1 else 2 end as place
    from factors where user_id = $1 and confirmed_at is not null
    union all
    select 'recovery_code', 3 where exists (select from recovery_codes where user_id = $1 and used_at is null)
  ) kinds order by place`,
);

export async function insertFactor(db: Db, { id, userId, kind, name }: NewFactor): Promise<void> {
  await FactorModel.query(db).insert({ id, user_id: userId, kind, name });
}

/** Returns `undefined` if the user has no unconfirmed factor with this id. */
export async function confirmFactor(db: Db, userId: string, id: string): Promise<Factor | undefined> {
  const [row] = await unconfirmed(db)
    .where({ id, user_id: userId })
    .patch({ confirmed_at: raw('now()') })
    .returning('*');
  return row && toFactor(row);
}

/** Returns `undefined` if the user has no confirmed factor with this id. */
export async function renameFactor(db: Db, userId: string, id: string, name: string): Promise<Factor | undefined> {
  const renamed = FactorModel.query(db).patch({ name }).where({ id, user_id: userId }).whereNotNull('confirmed_at');
  const [row] = await renamed.returning('*');
  return row && toFactor(row);
}

/** Deletes the factors of a kind that a user has not confirmed. */
export async function deleteUnconfirmed(db: Db, userId: string, kind: FactorKind): Promise<void> {
  await unconfirmed(db).delete().where({ user_id: userId, kind });
}

/** Returns the deleted factor; `undefined` if the user has none with this id. */
export async function deleteFactor(db: Db, userId: string, id: string): Promise<Factor | undefined> {
  const [row] = await FactorModel.query(db).delete().where({ id, user_id: userId }).returning('*');
  return row && toFactor(row);
}

/** Returns those that were confirmed. */
export async function deleteFactors(db: Db, userId: string): Promise<Factor[]> {
  const rows = await FactorModel.query(db).delete().where({ user_id: userId }).returning('*');
  return rows.filter((row) => row.confirmed_at !== null).map(toFactor);
}

/** The confirmed factors of a user, the oldest first. */
export async function listFactors(db: Db, userId: string): Promise<Factor[]> {
  const rows = await FactorModel.query(db)
    .where({ user_id: userId })
    .whereNotNull('confirmed_at')
    .orderBy(['confirmed_at', 'id']);
  return rows.map(toFactor);
}

/** Counts active users with one of these roles who have no second factor, up to a limit. */
export async function countUnenrolled(db: Db, roles: readonly Role[], limit: number): Promise<number> {
  const confirmed = FactorModel.query(db).where('user_id', ref('users.id')).whereNotNull('confirmed_at');
  const unenrolled = UserModel.query(db)
    .select('id')
    .where({ is_active: true, deleted_at: null })
    .whereIn('role', [...roles])
    .whereNotExists(confirmed)
    .limit(limit);
  return (await unenrolled).length;
}

export async function recordUse(db: Db, id: string): Promise<void> {
  await FactorModel.query(db)
    .patch({ last_used_at: raw('now()') })
    .where({ id });
}

/** Deletes up to `limit` factors that nobody has confirmed within an hour; returns how many. */
export async function deleteExpiredFactors(db: Db, limit: number): Promise<number> {
  const expired = unconfirmed(db).select('id').where('created_at', '<', raw(`now() - interval '1 hour'`));
  return FactorModel.query(db)
    .delete()
    .whereRaw('id = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

const unconfirmed = (db: Db) => FactorModel.query(db).whereNull('confirmed_at');

function toFactor(row: FactorModel): Factor {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    name: row.name,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
