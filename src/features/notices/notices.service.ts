import type { Db } from '../../platform/database/database.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { MailJobs, Notice } from '../../platform/mail/mail.ts';
import type { NoticeName } from '../../platform/mail/messages.ts';

export type NoticesService = ReturnType<typeof createNoticesService>;

/**
 * What to tell whom. `to` is the address that the user had when it happened, since somebody who took the account over may change it before
 * the mail is sent.
 */
type NewNotice = {
  [Name in NoticeName]: {
    readonly userId: string;
    readonly notice: Name;
    readonly values: Extract<Notice, { name: Name }>['values'];
    readonly to: string;
  };
}[NoticeName];

const name = 'send_notice';

export function createNoticesService({ jobs, mail }: { readonly jobs: JobQueue; readonly mail: MailJobs }) {
  const job: JobHandler = mail.job({
    name,
    compose(payload) {
      const { to, notice, values } = payload as unknown as NoticePayload;
      return Promise.resolve({ to, name: notice, values } as Notice);
    },
  });
  return {
    job,

    /** Sends a notice once the caller's transaction has committed. */
    async send(db: Db, { userId, notice, values, to }: NewNotice): Promise<void> {
      const payload = { user_id: userId, to, notice, values } satisfies NoticePayload;
      await jobs.enqueue(db, { name, payload });
    },
  };
}

interface NoticePayload {
  /** Lets an erasure find the job even if the user has another address by then. */
  readonly user_id: string;
  readonly to: string;
  readonly notice: NoticeName;
  readonly values: NewNotice['values'];
}
