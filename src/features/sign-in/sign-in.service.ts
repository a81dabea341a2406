import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { Database } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import { emailTaken } from '../../platform/violations.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import type { DeviceTokens } from './device-tokens.ts';
import { newDevice, type NewDevice } from './new-device.job.ts';
import type { UsersService } from '../users/users.service.ts';

/** How a login ended; `failed` means that the service failed, not the client. */
export type LoginOutcome = (typeof loginOutcomes)[number];

export const loginOutcomes = [
  'success',
  'invalid_credentials',
  'account_disabled',
  'email_not_verified',
  'rate_limited',
  'password_reset_required',
  'failed',
] as const;

export interface SignInServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly users: Pick<UsersService, 'findByEmail' | 'renewPasswordHash'>;
  readonly sessions: Pick<SessionsService, 'begin'>;
  readonly passwords: Pick<PasswordsService, 'refuseWhenFull' | 'hash' | 'verify'>;
  readonly devices: DeviceTokens;
  readonly guessing: Pick<GuessingService, 'check'>;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly record: (outcome: LoginOutcome) => void;
  readonly requireVerifiedEmail: boolean;
}

interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of an earlier login on the same device. */
  readonly deviceToken?: string | undefined;
}

/** The tokens of a new session, and what its device is known by next time. */
export interface Login extends TokenPair {
  readonly deviceToken: string;
}

/** Signing in. */
export function createSignInService(parts: SignInServiceParts) {
  const { database, audit, users, sessions, passwords, devices, guessing, jobs, record, requireVerifiedEmail } = parts;

  async function signIn(input: Credentials, client: Client, signal?: AbortSignal): Promise<Login> {
    // Before anything is counted or queried: in a flood, a refusal must cost next to nothing.
    passwords.refuseWhenFull();
    const credentials = { ...input, email: normalizeEmailAddress(input.email) };
    const found = await findByPassword(credentials, client, signal);
    const { user, passwordHash, isOutdated, owner, device } = found;
    if (!user.isActive) throw await refusal('account_disabled', client, user);
    if (requireVerifiedEmail && !user.isEmailVerified) throw await refusal('email_not_verified', client, user);
    if (isOutdated) {
      const renewed = await passwords.hash(input.password, signal);
      await users.renewPasswordHash(user.id, passwordHash, renewed);
    }
    try {
      const begun = await database.transaction(async (db) => {
        const session = await sessions.begin(db, found, client);
        const payload = { user_id: user.id, session_id: session.sessionId, email: user.email } satisfies NewDevice;
        if (device === undefined) await jobs.enqueue(db, { name: newDevice, payload });
        return session;
      });
      return { ...begun, deviceToken: devices.issue(owner, device) };
    } catch (error) {
      // The user was deactivated or deleted meanwhile, or has changed the password.
      throw isMeanwhile(error) ? await refusal(error.code, client, user) : error;
    }
  }

  /** Records a failure in a transaction of its own, at the same cost whether or not there is a user; returns the error to throw. */
  async function refusal(
    reason: 'invalid_credentials' | 'account_disabled' | 'email_not_verified',
    client: Client,
    user: User | undefined,
  ): Promise<ServiceError> {
    const event = { type: 'session.start_failed', outcome: 'failure', userId: user?.id, client } as const;
    await audit.record(database.pool, { ...event, details: { method: 'password', reason } });
    return new ServiceError(reason);
  }

  async function findByPassword(credentials: Credentials, client: Client, signal?: AbortSignal) {
    const { email, password, deviceToken } = credentials;
    const found = await users.findByEmail(email);
    const owner = found && { id: found.user.id, credentialsVersion: found.credentialsVersion };
    const device = devices.read(deviceToken, owner);
    const verify = () => passwords.verify(password, found?.passwordHash, signal);
    const match = await guessing.check({ email, userId: found?.user.id, client, device }, verify);
    if (!found || !owner || !match) throw await refusal('invalid_credentials', client, found?.user);
    return { ...found, isOutdated: match === 'outdated', owner, device };
  }

  return {
    /**
     * Throws `invalid_credentials` for an unknown address and for a wrong password, after the same work (ASVS 6.3.8), and
     * `account_disabled` and `email_not_verified` after the right password only; `rate_limited` and `password_reset_required` after too
     * many failures with one address, known or not; `service_unavailable` if the hashing queue is full.
     */
    async login(input: Credentials, client: Client, signal?: AbortSignal): Promise<Login> {
      try {
        const login = await signIn(input, client, signal);
        record('success');
        return login;
      } catch (error) {
        const outcome = outcomeOf(error);
        // Refusals of any limit are recorded when the request ends.
        if (outcome !== 'rate_limited') record(outcome);
        throw error;
      }
    },

    /**
     * Decides who gets the kept reply of a registration: only whoever knows the password, since a stranger may know the address and
     * guess the key. Anybody else gets `email_taken` after one hash, the same as for any address in use. So a key reveals nothing
     * about the account, and no more about the password than signing in does: wrong ones count as failed logins, and beyond that
     * limit even the right one gets `email_taken`.
     */
    async admitRegistrant(credentials: Credentials, client: Client): Promise<void> {
      try {
        await findByPassword(credentials, client);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (isRefusal(error)) await passwords.verify(credentials.password, undefined);
        else if (error.code !== 'invalid_credentials') throw error;
        throw emailTaken();
      }
    },
  };
}

const isRefusal = ({ code }: ServiceError) => code === 'rate_limited' || code === 'password_reset_required';
const isMeanwhile = (error: unknown): error is ServiceError & { code: 'account_disabled' | 'invalid_credentials' } =>
  error instanceof ServiceError && ['account_disabled', 'invalid_credentials'].includes(error.code);

function outcomeOf(error: unknown): LoginOutcome {
  const code = error instanceof ServiceError ? error.code : undefined;
  return loginOutcomes.find((outcome) => outcome === code) ?? 'failed';
}
