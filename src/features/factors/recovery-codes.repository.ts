import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { RecoveryCodeModel } from './recovery-codes.model.ts';

/** Gives a user new codes; all earlier ones are gone. */
export async function replaceCodes(db: Db, userId: string, hashes: readonly Buffer[]): Promise<void> {
  await deleteCodes(db, userId);
  await RecoveryCodeModel.query(db).insert(hashes.map((hash) => ({ code_hash: hash, user_id: userId })));
}

export async function deleteCodes(db: Db, userId: string): Promise<void> {
  await RecoveryCodeModel.query(db).delete().where({ user_id: userId });
}

/** Uses a code of a user up; of simultaneous attempts, one succeeds. Returns whether this one did. */
export async function useCode(db: Db, userId: string, hash: Buffer): Promise<boolean> {
  const used = await RecoveryCodeModel.query(db)
    .patch({ used_at: raw('now()') })
    .where({ code_hash: hash, user_id: userId, used_at: null });
  return used > 0;
}

/** How many codes of a user are left. */
export function countCodes(db: Db, userId: string): Promise<number> {
  return RecoveryCodeModel.query(db).where({ user_id: userId, used_at: null }).resultSize();
}
