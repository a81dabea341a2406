import { randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { Database } from '../platform/database/database.ts';
import { reasonOf } from '../platform/database/errors.ts';
import { endSession, insertRefreshToken, insertSession } from '../features/sessions/sessions.repository.ts';
import { deleteUser, insertUser } from '../features/users/users.repository.ts';
import { fail, ok, type Finding } from './findings.ts';

/** Stores a user and a session and takes them away again, and rolls it back: triggers and row policies refuse what privileges allow. */
export async function checkWriting({ pool }: Database): Promise<Finding> {
  const db = await pool.transaction();
  try {
    const [id, sessionId] = [createId(), createId()];
    const email = `doctor.${id}@latchkey.invalid`;
    await insertUser(db, { id, email, fullName: 'Doctor', role: 'user', passwordHash: '!' });
    await insertSession(db, sessionId, id, 60);
    await insertRefreshToken(db, randomBytes(32), sessionId);
    await endSession(db, sessionId);
    await deleteUser(db, id);
    return ok('writing', 'users and sessions can be stored and deleted');
  } catch (error) {
    const remedy = 'let the role of DATABASE_URL own the tables; look for triggers and row policies on them';
    return fail('writing', `users and sessions can't be written (${reasonOf(error)})`, remedy);
  } finally {
    await db.rollback();
  }
}
