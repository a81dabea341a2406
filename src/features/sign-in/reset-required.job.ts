import type { Database } from '../../platform/database/database.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { resetRequired, type ResetRequired } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';

/** Records that an account takes no more guesses from new devices, and mails whoever had the address when they were made (ASVS 6.3.5). */
export function createResetRequiredJob({
  database,
  audit,
  notices,
}: {
  readonly database: Database;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
}): JobHandler {
  return {
    name: resetRequired,
    async run(payload, run) {
      const { email, user_id: userId, at } = payload as unknown as ResetRequired;
      if (userId === null) return;
      await database.transaction(async (db) => {
        await run.complete(db);
        await audit.record(db, { type: 'password.reset_required', outcome: 'failure', userId });
        await notices.send(db, { userId, to: email, notice: 'password_guessed', values: { at } });
      });
    },
  };
}
