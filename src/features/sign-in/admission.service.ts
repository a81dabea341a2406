import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { SessionMethod } from '../sessions/session.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import { needsSecondFactor, type ChallengesService } from './challenges.service.ts';
import type { DeviceTokens } from './device-tokens.ts';
import { newDevice, type NewDevice } from './new-device.job.ts';

export interface AdmissionServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly audit: Pick<AuditService, 'record' | 'hasLatelySignedIn'>;
  readonly sessions: Pick<SessionsService, 'begin' | 'reauthenticate'>;
  readonly devices: Pick<DeviceTokens, 'issue'>;
  readonly challenges: Pick<ChallengesService, 'issue'>;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly requireVerifiedEmail: boolean;
}

/** Why somebody is not let in. */
export type Refusal =
  'invalid_credentials' | 'invalid_code' | 'invalid_passkey' | 'account_disabled' | 'email_not_verified';

/** How and from where somebody tried to sign in. */
export interface Attempt {
  readonly methods: readonly SessionMethod[];
  readonly client: Client;
  /** What else operators are told if it fails. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Somebody who proved who they are, by credentials of this version. */
export interface Proof extends Attempt {
  readonly user: Pick<User, 'id'>;
  readonly credentialsVersion: number;
}

/** Somebody who signs in. */
export interface Arrival extends Proof {
  readonly user: User;
  /** What they signed in on, if it is known from an earlier time. */
  readonly device: string | undefined;
}

/** Somebody who proved the first factor. */
export interface Applicant extends Arrival {
  /** What they are told if their credentials changed meanwhile. */
  readonly outdated: Refusal;
}

/** The tokens of a new session, and what its device is known by next time. */
export interface Login extends TokenPair {
  readonly deviceToken: string;
}

export type AdmissionService = ReturnType<typeof createAdmissionService>;

/** Lets in whoever proved who they are: the one way from a proof to a session, whatever the proof. */
export function createAdmissionService(parts: AdmissionServiceParts) {
  const { database, audit, sessions, challenges, devices, jobs, requireVerifiedEmail } = parts;

  /** Records a failure, at the same cost whether or not there is a user. */
  async function recordRefusal(db: Db, reason: Refusal, attempt: Attempt, user: User | undefined) {
    const { methods, client, details } = attempt;
    const event = { type: 'session.start_failed', outcome: 'failure', userId: user?.id, client } as const;
    await audit.record(db, { ...event, details: { method: methods.join('+'), reason, ...details } });
  }

  /** Records a failure in a transaction of its own; returns the error to throw. */
  async function refusal(reason: Refusal, attempt: Attempt, user: User | undefined): Promise<ServiceError> {
    await recordRefusal(database.pool, reason, attempt, user);
    return new ServiceError(reason);
  }

  async function begin(db: Db, { user, credentialsVersion, methods, client, device }: Arrival): Promise<Login> {
    const session = await sessions.begin(db, { user, credentialsVersion }, client, methods);
    const { sessionId } = session;
    // Most programs that keep no device token stay where they are: that costs one query, not a job.
    if (device === undefined && !(await audit.hasLatelySignedIn(db, user.id, sessionId, client))) {
      const payload = { user_id: user.id, session_id: sessionId, email: user.email } satisfies NewDevice;
      await jobs.enqueue(db, { name: newDevice, payload });
    }
    return { ...session, deviceToken: devices.issue({ id: user.id, credentialsVersion }, device) };
  }

  async function challenge({ outdated, ...applicant }: Applicant): Promise<ServiceError> {
    const { user, client, ...proof } = applicant;
    const challenged = { ...proof, userId: user.id, sessionId: undefined };
    return (await challenges.issue(challenged, client)) ?? (await refusal(outdated, applicant, user));
  }

  return {
    recordRefusal,
    refusal,

    /** Begins the session of somebody who has proved all that it takes. Throws as `sessions.begin` does. */
    begin,

    /** Continues the session of somebody who has proved again all that it takes. Throws as `sessions.reauthenticate` does. */
    async continueSession(db: Db, sessionId: string, { methods, client, ...proven }: Proof): Promise<TokenPair> {
      const tokens = await sessions.reauthenticate(db, sessionId, proven, methods);
      const { id } = proven.user;
      const event = { userId: id, actorId: id, sessionId, client, details: { method: methods.join('+') } };
      await audit.record(db, { ...event, type: 'session.reauthenticated', outcome: 'success' });
      return tokens;
    },

    /**
     * Begins a session. Throws `account_disabled` and `email_not_verified`, `outdated` if the credentials changed meanwhile, and
     * `second_factor_required` with a challenge if the user has a second factor that was not proved.
     */
    async admit(applicant: Applicant): Promise<Login> {
      const { user, outdated } = applicant;
      if (!user.isActive) throw await refusal('account_disabled', applicant, user);
      if (requireVerifiedEmail && !user.isEmailVerified) throw await refusal('email_not_verified', applicant, user);
      try {
        return await database.transaction((db) => begin(db, applicant));
      } catch (error) {
        if (needsSecondFactor(error)) throw await challenge(applicant);
        // The user was deactivated or deleted meanwhile, or has changed the credentials.
        if (!(error instanceof ServiceError)) throw error;
        if (error.code === 'account_disabled') throw await refusal('account_disabled', applicant, user);
        throw error.code === 'invalid_credentials' ? await refusal(outdated, applicant, user) : error;
      }
    },
  };
}
