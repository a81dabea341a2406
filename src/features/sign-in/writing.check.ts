import { v7 as createId } from 'uuid';
import type { Database } from '../../platform/database/database.ts';
import { reasonOf } from '../../platform/database/errors.ts';
import { fail, ok, type Finding } from '../../platform/findings.ts';
import { operator } from '../audit/audit-event.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { UsersService } from '../users/users.service.ts';

/** Inserts and deletes a user and a session, then rolls back: triggers and row policies may refuse what privileges allow. */
export async function checkWriting(
  { pool }: Database,
  users: UsersService,
  sessions: SessionsService,
): Promise<Finding> {
  const db = await pool.transaction();
  try {
    const id = createId();
    const email = `doctor.${id}@latchkey.invalid`;
    await users.create(db, { id, email, fullName: 'Doctor', role: 'user', passwordHash: '!' }, operator);
    const client = { address: '', userAgent: undefined, requestId: id };
    await sessions.begin(db, { user: { id }, credentialsVersion: 1 }, client, ['password']);
    await users.remove(db, id, () => true, operator);
    return ok('writing', 'users and sessions can be stored and deleted');
  } catch (error) {
    const remedy =
      'run the command migrate with DATABASE_RUNTIME_ROLE naming the role of DATABASE_URL, or let that role own the tables; look for triggers and row policies on them';
    return fail('writing', `users and sessions can't be written (${reasonOf(error)})`, remedy);
  } finally {
    await db.rollback();
  }
}
