import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { lockUser, UserModel } from '../users/joined-user.ts';
import { OneTimeSecretModel } from './one-time-secrets.model.ts';

/** Who a secret belongs to: a user, or somebody who is not one yet. */
export type Owner = { readonly userId: string } | { readonly registrationId: string };

export interface SecretInsert {
  readonly hash: Buffer;
  readonly purpose: string;
  readonly owner: Owner;
  readonly email: string;
  readonly ttlSeconds: number;
  /** Since when it counts as issued, if a change of the user's credentials leaves it valid. */
  readonly lastingSince?: Date | undefined;
  readonly mailId?: string | undefined;
}

/** A secret that can be used. */
export interface ValidSecret {
  readonly purpose: string;
  readonly userId: string | undefined;
  readonly registrationId: string | undefined;
  readonly email: string;
  readonly createdAt: Date;
}

export async function insertSecret(db: Db, secret: SecretInsert): Promise<void> {
  const { hash, purpose, owner, email, ttlSeconds, lastingSince, mailId } = secret;
  const isBound = 'userId' in owner && !lastingSince;
  await OneTimeSecretModel.query(db).insert({
    secret_hash: hash,
    purpose,
    user_id: 'userId' in owner ? owner.userId : null,
    registration_id: 'registrationId' in owner ? owner.registrationId : null,
    email,
    credentials_version: isBound ? raw('(select credentials_version from users where id = ?)', [owner.userId]) : null,
    mail_id: mailId ?? null,
    ...(lastingSince && { created_at: lastingSince }),
    expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
  });
}

/** Finds a valid secret without using it up. */
export async function findSecret(db: Db, hash: Buffer, purposes: readonly string[]): Promise<ValidSecret | undefined> {
  const row = await valid(db, hash, purposes).first();
  return row && toSecret(row);
}

/**
 * Uses a secret up; of simultaneous attempts, one succeeds. Its user is locked first, so that it neither meets a change of credentials
 * half-way nor outlives one; the secret of a registration locks its address, since completing it drops all others for that.
 */
export async function useSecret(db: Db, hash: Buffer, purposes: readonly string[]): Promise<ValidSecret | undefined> {
  const secret = await OneTimeSecretModel.query(db).findById(hash);
  if (!secret) return undefined;
  if (secret.user_id !== null) await lockUsers(db, secret.user_id, secret.email);
  else await lockAddress(db, secret.email);
  const [row] = await valid(db, hash, purposes)
    .patch({ used_at: raw('clock_timestamp()') })
    .returning('*');
  return row && toSecret(row);
}

/** Deletes the unused secrets of a user with a purpose that were issued at a time or after it. */
export async function deleteSecretsSince(db: Db, userId: string, purpose: string, since: Date): Promise<void> {
  const unused = OneTimeSecretModel.query(db).where({ user_id: userId, purpose, used_at: null });
  await unused.delete().where('created_at', '>=', since);
}

/** Whether a secret that was issued at a time or before it was used since; locks the user, so that none is used meanwhile. */
export async function isWithdrawn(db: Db, userId: string, purpose: string, issuedAt: Date): Promise<boolean> {
  await lockUser(db, userId);
  const used = OneTimeSecretModel.query(db).where({ user_id: userId, purpose }).where('used_at', '>=', issuedAt);
  return (await used.where('created_at', '<=', issuedAt).resultSize()) > 0;
}

/** Counts the mails, except one, that brought a secret to an address in the last hour. Makes others who count wait for the transaction. */
export async function countMailsOfLastHour(db: Db, email: string, exceptMailId: string): Promise<number> {
  await lockAddress(db, email);
  const [row] = await OneTimeSecretModel.query(db)
    .where({ email })
    .where('created_at', '>', raw(`now() - interval '1 hour'`))
    .whereNot('mail_id', exceptMailId)
    .countDistinct('mail_id');
  return Number((row as unknown as { count: string }).count);
}

/** Whether an earlier attempt at a mail was made. */
export async function hasSecretOfMail(db: Db, email: string, mailId: string): Promise<boolean> {
  const row = await OneTimeSecretModel.query(db).select('mail_id').findOne({ email, mail_id: mailId });
  return row !== undefined;
}

/** Deletes up to `limit` secrets that expired at least an hour ago, since until then they count; returns how many. */
export async function deleteExpiredSecrets(db: Db, limit: number): Promise<number> {
  const expired = OneTimeSecretModel.query(db)
    .select('secret_hash')
    .where('expires_at', '<', raw(`now() - interval '1 hour'`));
  return OneTimeSecretModel.query(db)
    .delete()
    .whereRaw('secret_hash = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

/**
 * Locks a user and whoever has an address, who may lose it to that user. Locks them in id order, so that two people who take each other's
 * address don't deadlock.
 */
async function lockUsers(db: Db, id: string, email: string): Promise<void> {
  const users = UserModel.query(db).select('id').where({ id }).orWhere({ email, deleted_at: null });
  await users.orderBy('id').forNoKeyUpdate();
}

/** Makes transactions that deal with the secrets of an address take turns. */
async function lockAddress(db: Db, email: string): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`one_time_secrets ${email}`]);
}

function valid(db: Db, hash: Buffer, purposes: readonly string[]) {
  return OneTimeSecretModel.query(db)
    .where('secret_hash', hash)
    .whereIn('purpose', [...purposes])
    .whereNull('used_at')
    .where('expires_at', '>', raw('now()'))
    .where((either) => {
      const owner = UserModel.query(db)
        .where('users.id', raw('one_time_secrets.user_id'))
        .where({ is_active: true, deleted_at: null })
        .whereRaw(
          'users.credentials_version = coalesce(one_time_secrets.credentials_version, users.credentials_version)',
        );
      void either.whereNull('user_id').orWhereExists(owner);
    });
}

function toSecret(row: OneTimeSecretModel): ValidSecret {
  return {
    purpose: row.purpose,
    userId: row.user_id ?? undefined,
    registrationId: row.registration_id ?? undefined,
    email: row.email,
    createdAt: row.created_at,
  };
}
