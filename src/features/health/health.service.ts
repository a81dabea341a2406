import type { Database } from '../../platform/database/database.ts';
import { pendingMigrations } from '../../platform/database/migrations.ts';
import { canWrite } from '../../platform/database/requirements.ts';
import { ServiceError } from '../../platform/errors.ts';

/** Whether this process can answer requests. */
export function createHealthService(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly stopping: AbortSignal;
}) {
  return {
    /** Throws `not_ready`, with the reason. */
    async checkReadiness(): Promise<void> {
      if (parts.stopping.aborted) throw notReady('the server is stopping.');
      const pending = await pendingMigrations(parts.database.pool).catch(unanswered);
      if (pending.length > 0) throw notReady('the database lacks migrations.');
      if (!(await canWrite(parts.database.pool).catch(unanswered))) throw notReady("the database can't be written to.");
    },
  };
}

function unanswered(error: unknown): never {
  throw notReady('the database does not answer.', error);
}

function notReady(reason: string, cause?: unknown): ServiceError {
  return new ServiceError('not_ready', { detail: `Not ready: ${reason}`, retryAfterSeconds: 5, cause });
}
