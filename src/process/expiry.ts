import { deleteExpiredReplies } from '../features/idempotency/idempotency.repository.ts';
import { deleteExpiredSessions } from '../features/sessions/sessions.repository.ts';
import type { Db } from '../platform/database/database.ts';

// A session may have thousands of refresh tokens: a few at a time end within the statement timeout, and hold no lock for long.
const atOnce = 20;

/**
 * Deletes what nobody can use any more: expired sessions with their refresh tokens, and answers kept for repeated requests. It ends
 * early when `stop` says so. Processes that do it at the same time share the work.
 */
export async function deleteExpired(db: Db, stop: AbortSignal): Promise<void> {
  for (const deleteSome of [deleteExpiredSessions, deleteExpiredReplies]) {
    while (!stop.aborted && (await deleteSome(db, atOnce)) === atOnce);
  }
}
