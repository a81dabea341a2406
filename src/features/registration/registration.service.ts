import { v7 as createId } from 'uuid';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { Mail, MailJobs } from '../../platform/mail/mail.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type * as pendingRepository from './pending-registrations.repository.ts';
import type { PendingRegistration } from './pending-registrations.repository.ts';
import type * as registrationRepository from './registration.repository.ts';

export type RegistrationService = ReturnType<typeof createRegistrationService>;

/** How long somebody may take to verify an address. */
const verificationTtlSeconds = 24 * 60 * 60;
const resetTtlSeconds = 60 * 60;

const verificationJob = 'send_verification';
const registrationJob = 'send_registration';

interface VerificationPayload {
  readonly mail_id: string;
  readonly email: string;
}
interface RegistrationPayload {
  readonly mail_id: string;
  readonly registration_id: string;
}

export interface RegistrationServiceParts {
  readonly jobs: JobQueue;
  readonly mail: MailJobs;
  readonly secrets: Pick<OneTimeSecretsService, 'issueForMail'>;
  readonly pending: typeof pendingRepository;
  readonly holders: typeof registrationRepository;
}

/** Verifies the addresses that people register with, whether they are users already or not yet. */
export function createRegistrationService({ jobs, mail, secrets, pending, holders }: RegistrationServiceParts) {
  const expires_in = verificationTtlSeconds;

  /** The mail that verifies the address of a user who has not done so, or completes a registration. */
  async function composeVerification({ mail_id, email }: VerificationPayload, db: Db): Promise<Mail | undefined> {
    const holder = await holders.findHolder(db, email);
    if (!holder) {
      const registration = await pending.findPendingByEmail(db, email);
      return registration && composeCompletion(db, registration, mail_id);
    }
    if (!holder.isActive || holder.isVerified) return undefined;
    const { userId } = holder;
    const secret = { purpose: 'email_verification', owner: { userId }, email, ttlSeconds: expires_in } as const;
    const token = await secrets.issueForMail(db, secret, mail_id);
    const link = token && { page: 'verify-email', token };
    return link ? { to: email, name: 'email_verification', values: { expires_in }, link } : undefined;
  }

  async function composeRegistration({ mail_id, registration_id }: RegistrationPayload, db: Db) {
    const registration = await pending.findPending(db, registration_id);
    if (!registration) return undefined;
    const holder = await holders.findHolder(db, registration.email);
    if (!holder || holder.isProvisional) return composeCompletion(db, registration, mail_id);
    return holder.isActive ? composeReminder(db, holder.userId, registration.email, mail_id) : undefined;
  }

  async function composeCompletion(db: Db, { id, email }: PendingRegistration, mailId: string) {
    const owner = { registrationId: id };
    const secret = { purpose: 'registration', owner, email, ttlSeconds: expires_in } as const;
    const token = await secrets.issueForMail(db, secret, mailId);
    const link = token && { page: 'verify-email', token };
    return link ? ({ to: email, name: 'registration', values: { expires_in }, link } as const) : undefined;
  }

  async function composeReminder(db: Db, userId: string, email: string, mailId: string) {
    const secret = { purpose: 'password_reset', owner: { userId }, email, ttlSeconds: resetTtlSeconds } as const;
    const token = await secrets.issueForMail(db, secret, mailId);
    const link = token && { page: 'reset-password', token };
    const values = { expires_in: resetTtlSeconds };
    return link ? ({ to: email, name: 'account_exists', values, link } as const) : undefined;
  }

  return {
    jobs: [
      mail.job({
        name: verificationJob,
        compose: (payload, db) => composeVerification(payload as unknown as VerificationPayload, db),
      }),
      mail.job({
        name: registrationJob,
        compose: (payload, db) => composeRegistration(payload as unknown as RegistrationPayload, db),
      }),
    ],

    /** Mails a link that verifies an address, if it still needs that. */
    async requestVerification(db: Db, email: string): Promise<void> {
      const payload = { mail_id: createId(), email } satisfies VerificationPayload;
      await jobs.enqueue(db, { name: verificationJob, payload, key: email });
    },

    /** Keeps a registration until its address is verified, and mails the link for that. Does the same work for every address. */
    async hold(db: Db, registration: PendingRegistration): Promise<void> {
      await pending.insertPending(db, registration, verificationTtlSeconds);
      const payload = { mail_id: createId(), registration_id: registration.id } satisfies RegistrationPayload;
      await jobs.enqueue(db, { name: registrationJob, payload });
    },

    /** Removes and returns a registration whose address has just been verified, and drops all others for it. Throws `invalid_one_time_secret`. */
    async take(db: Db, registrationId: string): Promise<PendingRegistration> {
      const registration = await pending.findPending(db, registrationId);
      if (!registration) throw new ServiceError('invalid_one_time_secret');
      await pending.deletePendingByEmail(db, registration.email);
      return registration;
    },
  };
}
