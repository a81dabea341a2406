import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { Mail, MailJobs } from '../../platform/mail/mail.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import type { UsersService } from '../users/users.service.ts';

export type RecoveryService = ReturnType<typeof createRecoveryService>;

const ttlSeconds = 60 * 60;
const jobName = 'send_password_reset';
const purposes = ['password_reset', 'invitation'] as const;

interface Payload {
  readonly mail_id: string;
  readonly email: string;
  /** Who asked, if a stranger did: their mails are limited, and recorded once the job has found the user. */
  readonly stranger: Client | null;
}

export interface RecoveryServiceParts {
  readonly jobs: JobQueue;
  readonly mail: MailJobs;
  readonly secrets: Pick<OneTimeSecretsService, 'issue' | 'issueForMail' | 'isRetry' | 'find' | 'redeem'>;
  readonly users: Pick<UsersService, 'findByEmail' | 'get'>;
  readonly credentials: Pick<CredentialsService, 'resetPassword'>;
  readonly passwords: Pick<PasswordsService, 'hashChosen'>;
  readonly guessing: Pick<GuessingService, 'clear'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
}

/** Forgotten passwords: whoever can read the mail sent to an address may choose a new one. */
export function createRecoveryService(parts: RecoveryServiceParts) {
  const { jobs, mail, secrets, users, credentials, passwords, guessing, audit, notices } = parts;

  async function compose({ mail_id, email, stranger }: Payload, db: Db): Promise<Mail | undefined> {
    const found = await users.findByEmail(email);
    if (!found?.user.isActive) return undefined;
    const userId = found.user.id;
    const secret = { purpose: 'password_reset', owner: { userId }, email, ttlSeconds } as const;
    const isFirst = !(await secrets.isRetry(db, email, mail_id));
    const token = stranger ? await secrets.issueForMail(db, secret, mail_id) : await secrets.issue(db, secret);
    if (token === undefined) return undefined;
    if (stranger && isFirst)
      await audit.record(db, { type: 'password.reset_requested', outcome: 'success', userId, client: stranger });
    const link = { page: 'reset-password', token };
    return { to: email, name: 'password_reset', values: { expires_in: ttlSeconds }, link };
  }

  const enqueue = (db: Db, email: string, stranger: Client | null) => {
    const payload = { mail_id: createId(), email, stranger } satisfies Payload;
    return jobs.enqueue(db, { name: jobName, payload, key: `${stranger ? 'stranger' : 'staff'} ${email}` });
  };

  return {
    job: mail.job({ name: jobName, compose: (payload, db) => compose(payload as unknown as Payload, db) }),

    /** Mails a link to the user with an address. The job looks whether there is one, so that all addresses look alike. */
    async requestReset(db: Db, email: string, client: Client): Promise<void> {
      await enqueue(db, email, client);
    },

    /** Mails a link on behalf of an administrator or of the service itself, exempt from the limit for strangers. */
    async sendReset(db: Db, { email }: Pick<User, 'email'>): Promise<void> {
      await enqueue(db, email, null);
    },

    /** Mails a link at an administrator's request. Throws `not_found`, and `account_disabled` for a user whose link wouldn't work. */
    async sendResetTo(db: Db, userId: string, administrator: User, client: Client): Promise<void> {
      const user = await users.get(userId, administrator);
      if (!user.isActive) {
        throw new ServiceError('account_disabled', { detail: 'This user is deactivated; activate the account first.' });
      }
      await enqueue(db, user.email, null);
      const actorId = administrator.id;
      await audit.record(db, { type: 'password.reset_requested', outcome: 'success', userId, actorId, client });
    },

    /**
     * Checks and hashes a new password; the returned function sets it, in a transaction. A refused password leaves the link valid. Throws
     * `invalid_one_time_secret` and `validation_failed`.
     */
    async prepareReset(token: string, newPassword: string, client: Client): Promise<(db: Db) => Promise<void>> {
      const { email } = await secrets.find(token, purposes);
      const found = await users.findByEmail(email);
      if (!found) throw new ServiceError('invalid_one_time_secret');
      const passwordHash = await passwords.hashChosen(newPassword, found.user, ['body', 'new_password']);
      return async (db) => {
        const { userId, purpose } = await secrets.redeem(db, token, purposes);
        const user = await credentials.resetPassword(db, userId, email, passwordHash);
        if (!user) throw new ServiceError('invalid_one_time_secret');
        await guessing.clear(db, email);
        await audit.record(db, { type: 'password.reset', outcome: 'success', userId, client });
        if (!found.user.isEmailVerified) {
          await audit.record(db, { type: 'email.verified', outcome: 'success', userId, client });
        }
        // A first password replaces nothing, so there is nothing to report.
        if (purpose === 'invitation') return;
        const values = { at: new Date().toISOString() };
        await notices.send(db, { userId, to: email, notice: 'password_changed', values });
      };
    },
  };
}
