import type { Database } from '../../platform/database/database.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { resetRequired, type ResetRequired } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { UsersService } from '../users/users.service.ts';

/** Records that an account takes no more guesses from new devices, and tells its owner (ASVS 6.3.5), if it has one. */
export function createResetRequiredJob({
  database,
  users,
  audit,
  notices,
}: {
  readonly database: Database;
  readonly users: Pick<UsersService, 'findByEmail'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
}): JobHandler {
  return {
    name: resetRequired,
    async run(payload, run) {
      const { email, at } = payload as unknown as ResetRequired;
      const found = await users.findByEmail(email);
      if (!found) return;
      const { id: userId } = found.user;
      await database.transaction(async (db) => {
        await run.complete(db);
        await audit.record(db, { type: 'password.reset_required', outcome: 'failure', userId });
        await notices.send(db, { userId, to: email, notice: 'password_guessed', values: { at } });
      });
    },
  };
}
