import type { JobHandler } from '../../platform/jobs/job.ts';
import type { MailJobs } from '../../platform/mail/mail.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';

export const changeJob = 'send_email_change';
export const undoJob = 'send_email_change_undo';

/** The payload of both jobs; `email` is where the mail goes. */
export interface ChangePayload {
  readonly mail_id: string;
  readonly user_id: string;
  readonly email: string;
  /** By the database's clock. */
  readonly requested_at: string;
}

const confirmationTtlSeconds = 24 * 60 * 60;
const undoTtlSeconds = 7 * 24 * 60 * 60;

interface Parts {
  readonly mail: MailJobs;
  readonly secrets: Pick<OneTimeSecretsService, 'issueForMail' | 'issueLasting'>;
  readonly credentials: Pick<CredentialsService, 'find'>;
}

/** The mails to the new address and to the old one. */
export function createChangeMails({ mail, secrets, credentials }: Parts): JobHandler[] {
  return [
    mail.job({
      name: changeJob,
      async compose(payload, db) {
        const { mail_id, user_id: userId, email } = payload as unknown as ChangePayload;
        const claim = await credentials.find(db, userId);
        if (!claim?.user.isActive || claim.user.pendingEmail !== email) return undefined;
        const secret = {
          purpose: 'email_change',
          owner: { userId },
          email,
          ttlSeconds: confirmationTtlSeconds,
        } as const;
        const token = await secrets.issueForMail(db, secret, mail_id);
        if (token === undefined) return undefined;
        const values = { expires_in: confirmationTtlSeconds };
        return { to: email, name: 'email_change', values, link: { page: 'verify-email', token } };
      },
    }),
    mail.job({
      name: undoJob,
      async compose(payload, db) {
        const { user_id: userId, email, requested_at } = payload as unknown as ChangePayload;
        if (!(await credentials.find(db, userId))) return undefined;
        const secret = { purpose: 'email_change_undo', owner: { userId }, email, ttlSeconds: undoTtlSeconds } as const;
        const token = await secrets.issueLasting(db, secret, new Date(requested_at));
        if (token === undefined) return undefined;
        const link = { page: 'undo-email-change', token };
        return { to: email, name: 'email_change_undo', values: { expires_in: undoTtlSeconds }, link };
      },
    }),
  ];
}
