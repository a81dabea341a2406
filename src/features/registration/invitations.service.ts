import type { Db } from '../../platform/database/database.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { Mail, MailJobs } from '../../platform/mail/mail.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type * as registrationRepository from './registration.repository.ts';

export type InvitationsService = ReturnType<typeof createInvitationsService>;

/** How long somebody may take to choose their first password. */
const invitationTtlSeconds = 3 * 24 * 60 * 60;

const jobName = 'send_invitation';

interface Payload {
  readonly email: string;
}

/** Links by which people choose the first password of an account that an administrator created for them (ASVS 6.4.1). */
export function createInvitationsService({
  jobs,
  mail,
  secrets,
  holders,
}: {
  readonly jobs: JobQueue;
  readonly mail: MailJobs;
  readonly secrets: Pick<OneTimeSecretsService, 'issue'>;
  readonly holders: typeof registrationRepository;
}) {
  async function compose({ email }: Payload, db: Db): Promise<Mail | undefined> {
    const holder = await holders.findHolder(db, email);
    // They have already chosen a password by another link.
    if (!holder?.isActive || holder.isVerified) return undefined;
    const owner = { userId: holder.userId };
    const ttlSeconds = invitationTtlSeconds;
    const token = await secrets.issue(db, { purpose: 'invitation', owner, email, ttlSeconds });
    return {
      to: email,
      name: 'invitation',
      values: { expires_in: ttlSeconds },
      link: { page: 'reset-password', token },
    };
  }

  return {
    /** Whether mails are sent at all. */
    canInvite: mail.isSent,

    job: mail.job({ name: jobName, compose: (payload, db) => compose(payload as unknown as Payload, db) }),

    /** Mails a link to somebody who has an account without a password. */
    async invite(db: Db, email: string): Promise<void> {
      await jobs.enqueue(db, { name: jobName, payload: { email } satisfies Payload, key: email });
    },
  };
}
