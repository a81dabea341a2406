import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { violation } from '../../platform/violations.ts';
import type { AuditEventType } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { normalize } from '../passwords/fold.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { UsersService } from '../users/users.service.ts';
import type { AdmissionService } from './admission.service.ts';
import { needsSecondFactor, type ChallengesService } from './challenges.service.ts';

export interface OwnPasswordServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly users: Pick<UsersService, 'findByEmail' | 'changePassword'>;
  readonly admission: Pick<AdmissionService, 'continueSession'>;
  readonly sessions: Pick<SessionsService, 'endOthers'>;
  readonly passwords: Pick<PasswordsService, 'refuseWhenFull' | 'verify' | 'hashChosen'>;
  readonly challenges: Pick<ChallengesService, 'issue'>;
  readonly guessing: Pick<GuessingService, 'check'>;
}

/** Who asks, and from where; `signal` is aborted when they leave. */
export interface Asking {
  readonly principal: UserPrincipal;
  readonly client: Client;
  readonly signal?: AbortSignal;
}

/** A password that was typed, where it is in the request, and what is recorded if it is wrong. */
interface Typed {
  readonly password: string;
  readonly place: readonly string[];
  readonly failure: AuditEventType;
}

export type OwnPasswordService = ReturnType<typeof createOwnPasswordService>;

/** What signed-in users do with their own password. Somebody who only has their session must guess it, and is slowed down as at a login. */
export function createOwnPasswordService(parts: OwnPasswordServiceParts) {
  const { database, audit, notices, users, admission, sessions, passwords, challenges, guessing } = parts;

  /** Throws a violation for a wrong password; `rate_limited`, `password_reset_required` and `service_unavailable` as a login does. */
  async function prove({ principal, client, signal }: Asking, { password, place, failure }: Typed) {
    passwords.refuseWhenFull();
    const { user, sessionId } = principal;
    const found = await users.findByEmail(user.email);
    const guess = { email: user.email, userId: found?.user.id, client, device: sessionId };
    const match = await guessing.check(guess, () => passwords.verify(password, found?.passwordHash, signal));
    if (found?.user.id === user.id && match) return found;
    await audit.record(database.pool, { ...eventOf(principal, client), type: failure, outcome: 'failure' });
    throw violation(place, 'password_wrong');
  }

  return {
    /**
     * Throws as `prove` does, `invalid_token` if the session ended meanwhile, and `second_factor_required` with a challenge: else whoever
     * has session and password could remove the second factor.
     */
    async reauthenticate(asking: Asking, password: string): Promise<TokenPair> {
      const { principal, client } = asking;
      const typed = { password, place: ['body', 'password'], failure: 'session.reauthentication_failed' } as const;
      const proven = await prove(asking, typed);
      const { id: userId, sessionId } = principal;
      const proof = { ...proven, methods: ['password'], client } as const;
      try {
        return await database.transaction((db) => admission.continueSession(db, sessionId, proof));
      } catch (error) {
        if (!needsSecondFactor(error)) throw error;
        const { credentialsVersion } = proven;
        const challenged = { userId, sessionId, credentialsVersion, methods: ['password'], device: undefined } as const;
        throw (await challenges.issue(challenged, client)) ?? new ServiceError('invalid_token');
      }
    },

    /**
     * Prepares a change of the password, which the returned function makes: it ends the user's other sessions. Throws as `prove` does,
     * and violations of the new password; the function throws one if the password was changed meanwhile.
     */
    async change(asking: Asking, current: string, chosen: string): Promise<(db: Db) => Promise<void>> {
      const { principal, client } = asking;
      const place = ['body', 'current_password'];
      const proven = await prove(asking, { password: current, place, failure: 'password.change_failed' });
      if (normalize(current) === normalize(chosen)) throw violation(['body', 'new_password'], 'password_unchanged');
      const hash = await passwords.hashChosen(chosen, principal.user, ['body', 'new_password']);
      return async (db) => {
        const { id: userId } = principal;
        const isChanged = await users.changePassword(db, userId, proven.credentialsVersion, hash);
        if (!isChanged) throw violation(place, 'password_wrong');
        await sessions.endOthers(db, userId, principal.sessionId);
        await audit.record(db, { ...eventOf(principal, client), type: 'password.changed', outcome: 'success' });
        const values = { at: new Date().toISOString() };
        await notices.send(db, { userId, to: proven.user.email, notice: 'password_changed', values });
      };
    },
  };
}

function eventOf({ id, sessionId }: UserPrincipal, client: Client) {
  return { userId: id, actorId: id, sessionId, client };
}
