import { deleteExpiredReplies } from '../idempotency/idempotency.repository.ts';
import { deleteExpiredSessions } from '../sessions/sessions.repository.ts';
import type { Db } from '../database/database.ts';

/** Deletes what nobody can use any more: expired sessions with their refresh tokens, and answers kept for repeated requests. */
export async function deleteExpired(db: Db): Promise<void> {
  await deleteExpiredSessions(db);
  await deleteExpiredReplies(db);
}
