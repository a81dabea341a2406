import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { KeyRing } from '../../platform/keys.ts';
import type { Mail, MailJobs } from '../../platform/mail/mail.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { mailsPerHour } from '../one-time-secrets/one-time-secrets.service.ts';
import type { UsersService } from '../users/users.service.ts';
import { nobody } from '../users/joined-user.ts';
import type * as emailCodesRepository from './email-codes.repository.ts';
import type { CodeBounds, CodeMail } from './email-codes.repository.ts';

export type EmailCodesService = ReturnType<typeof createEmailCodesService>;

/** Ten minutes and five attempts (ASVS 6.5.5, 6.6.3); other mails to the address don't count. */
const bounds: CodeBounds = { ttlSeconds: 10 * 60, maxAttempts: 5, mailsPerHour };

const jobName = 'send_login_code';

/** The code is made of the mail's id and a key: an operator who reads the table of jobs learns nothing. */
interface Payload {
  readonly mail_id: string;
  readonly email: string;
  readonly client: Client;
}

interface CodeAttempt {
  /** Who has the address, if anybody does. */
  readonly userId: string | undefined;
  readonly email: string;
  readonly code: string;
}

export interface EmailCodesServiceParts {
  /** EMAIL_CODES. */
  readonly isOn: boolean;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly mail: Pick<MailJobs, 'job'>;
  readonly keys: KeyRing;
  readonly codes: typeof emailCodesRepository;
  readonly users: Pick<UsersService, 'findByEmail'>;
  readonly audit: Pick<AuditService, 'record'>;
}

/** Codes by which whoever reads the mails to an address signs in. */
export function createEmailCodesService({ isOn, jobs, mail, keys, codes, users, audit }: EmailCodesServiceParts) {
  /**
   * The mail with the code. It is made of the mail's id, so that each attempt brings the same one: the server may have accepted a mail
   * that we believe lost. Once the code no longer works, there is nothing left to send.
   */
  async function compose({ mail_id: id, email, client }: Payload, db: Db): Promise<Mail | undefined> {
    const found = await users.findByEmail(email);
    if (!found?.user.isActive) return undefined;
    const userId = found.user.id;
    const codeMail = { id, userId, email };
    const open = await codes.openCode(db, codeMail, bounds);
    if (open?.isNew) await audit.record(db, { type: 'email_code.requested', outcome: 'success', userId, client });
    const minutesLeft = Math.floor((open?.secondsLeft ?? 0) / 60);
    if (minutesLeft < 1) return undefined;
    const code = codeOf(codeMail, keys[0]);
    const link = { page: 'sign-in', email, code };
    return { to: email, name: 'login_code', values: { code, expires_in: minutesLeft * 60 }, link };
  }

  return {
    job: mail.job({ name: jobName, compose: (payload, db) => compose(payload as unknown as Payload, db) }),

    /** Throws `email_codes_off`. */
    refuseWhenOff(): void {
      if (!isOn) throw new ServiceError('email_codes_off');
    },

    /** Mails a code to the user with an address. The job looks whether there is one, so that all addresses look alike. */
    async request(db: Db, email: string, client: Client): Promise<void> {
      const payload = { mail_id: createId(), email, client } satisfies Payload;
      await jobs.enqueue(db, { name: jobName, payload, key: email });
    },

    /**
     * Counts an attempt at the code of a user, and returns its mail if it is the right one. Does the same work without a user. It counts
     * when the caller's transaction commits, also a wrong one.
     */
    async attempt(db: Db, { userId, email, code }: CodeAttempt): Promise<CodeMail | undefined> {
      const whom = { userId: userId ?? nobody, email };
      const open = await codes.countAttempt(db, whom, bounds);
      const isRight = keys.some((key) => isEqual(codeOf(open ?? { id: nobody, ...whom }, key), code));
      return isRight ? open : undefined;
    },

    /** Uses a code up in the caller's transaction, and locks its user; of simultaneous calls, one returns true. */
    redeem: (db: Db, codeMail: CodeMail): Promise<boolean> => codes.closeCode(db, codeMail),
  };
}

/** Six digits; no code is likelier than another by more than one in 10^8 (RFC 4226, section 5.3, with more bits). */
function codeOf({ id, userId, email }: CodeMail, key: KeyObject): string {
  const digest = createHmac('sha256', key)
    .update(JSON.stringify([id, userId, email]))
    .digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

function isEqual(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}
