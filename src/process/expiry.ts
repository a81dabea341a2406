import type { Expiry } from '../features/feature.ts';
import type { Db } from '../platform/database/database.ts';

// A session may have thousands of refresh tokens: a few at a time end within the statement timeout, and hold no lock for long.
const atOnce = 20;

/** Deletes what nobody can use any more, until `stop` is aborted. Processes that do it at the same time share the work. */
export async function deleteExpired(db: Db, expiries: readonly Expiry[], stop: AbortSignal): Promise<void> {
  for (const { deleteSome } of expiries) {
    while (!stop.aborted && (await deleteSome(db, atOnce)) === atOnce);
  }
}
