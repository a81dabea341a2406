import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { PendingRegistrationModel } from './pending-registrations.model.ts';

/** A registration that waits for its address to be verified. */
export interface PendingRegistration {
  readonly id: string;
  /** Normalised, see email-address.ts. */
  readonly email: string;
  readonly fullName: string;
  readonly passwordHash: string;
}

export async function insertPending(db: Db, registration: PendingRegistration, ttlSeconds: number): Promise<void> {
  await PendingRegistrationModel.query(db).insert({
    id: registration.id,
    email: registration.email,
    full_name: registration.fullName,
    password_hash: registration.passwordHash,
    expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
  });
}

export async function findPending(db: Db, id: string): Promise<PendingRegistration | undefined> {
  const row = await PendingRegistrationModel.query(db).findById(id).where('expires_at', '>', raw('now()'));
  return row && toPending(row);
}

/** The latest registration of an address. */
export async function findPendingByEmail(db: Db, email: string): Promise<PendingRegistration | undefined> {
  const row = await PendingRegistrationModel.query(db)
    .where({ email })
    .where('expires_at', '>', raw('now()'))
    .orderByRaw('created_at desc, id desc')
    .first();
  return row && toPending(row);
}

/** Deletes all registrations of an address, along with their secrets. */
export async function deletePendingByEmail(db: Db, email: string): Promise<void> {
  await PendingRegistrationModel.query(db).delete().where({ email });
}

/** Deletes up to `limit` that were never verified; returns how many. */
export async function deleteExpiredPending(db: Db, limit: number): Promise<number> {
  const expired = PendingRegistrationModel.query(db).select('id').where('expires_at', '<', raw('now()'));
  return PendingRegistrationModel.query(db)
    .delete()
    .whereRaw('id = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

/** The one place where a row becomes a pending registration. */
function toPending(row: PendingRegistrationModel): PendingRegistration {
  return { id: row.id, email: row.email, fullName: row.full_name, passwordHash: row.password_hash };
}
