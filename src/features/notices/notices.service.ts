import type { Db } from '../../platform/database/database.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { MailJobs, Notice } from '../../platform/mail/mail.ts';
import type { NoticeName } from '../../platform/mail/messages.ts';

export type NoticesService = ReturnType<typeof createNoticesService>;

/** What to tell whom. Without `to` the mail goes to the address that the user has when it is sent. */
type NewNotice = {
  [Name in NoticeName]: {
    readonly userId: string;
    readonly notice: Name;
    readonly values: Extract<Notice, { name: Name }>['values'];
    readonly to?: string;
  };
}[NoticeName];

const name = 'send_notice';

export function createNoticesService({
  jobs,
  mail,
  findAddress,
}: {
  readonly jobs: JobQueue;
  readonly mail: MailJobs;
  readonly findAddress: (db: Db, userId: string) => Promise<string | undefined>;
}) {
  const job: JobHandler = mail.job({
    name,
    async compose(payload, db) {
      const { user_id: userId, notice, values, to } = payload as unknown as NoticePayload;
      const address = to ?? (await findAddress(db, userId));
      return address === undefined ? undefined : ({ to: address, name: notice, values } as Notice);
    },
  });
  return {
    job,

    /** Sends a notice once the caller's transaction has committed. */
    async send(db: Db, { userId, notice, values, to }: NewNotice): Promise<void> {
      const payload = { user_id: userId, notice, values, ...(to !== undefined && { to }) };
      await jobs.enqueue(db, { name, payload: payload satisfies NoticePayload });
    },
  };
}

interface NoticePayload {
  readonly user_id: string;
  readonly notice: NoticeName;
  readonly values: NewNotice['values'];
  readonly to?: string;
}
