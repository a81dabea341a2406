import { randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { AccessTokenClaims } from '../../access/access-tokens.ts';
import { batch } from '../../platform/database/batch.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type * as sessionsRepository from './sessions.repository.ts';
import type { IssueTokens, TokenPair } from './token-pair.ts';

export interface SessionsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly sessions: typeof sessionsRepository;
  readonly issueTokens: IssueTokens;
  /** How long a session lives after its login, in seconds. */
  readonly ttlSeconds: number;
  /** The most sessions of one user. */
  readonly perUser: number;
}

export interface SessionOfUser {
  readonly userId: string;
  readonly sessionId: string;
}

/** Somebody who proved who they are, by credentials of this version. */
export interface Proven {
  readonly user: Pick<User, 'id'>;
  readonly credentialsVersion: number;
}

export type SessionsService = ReturnType<typeof createSessionsService>;

/** Sessions: started by a login, continued by refreshes, ended by a logout, a deactivation or expiry. */
export function createSessionsService(parts: SessionsServiceParts) {
  const { database, audit, sessions, issueTokens, ttlSeconds, perUser } = parts;
  const findUser = batch((sessionIds: readonly string[]) => sessions.findSessionUsers(database.pool, sessionIds));

  return {
    /**
     * Begins a session of a user who has just proved who they are by a password. Of more sessions than a user may have, the one that
     * was not used for longest ends. Throws `account_disabled` if the user was deactivated or deleted meanwhile, and
     * `invalid_credentials` if their credentials have changed.
     */
    async begin(db: Db, { user: { id: userId }, credentialsVersion }: Proven, client: Client): Promise<TokenPair> {
      const proven = { userId, credentialsVersion, methods: ['password'] };
      const session = { id: createId(), ...proven, ttlSeconds, client, secret: randomBytes(32) };
      const outcome = await sessions.insertSession(db, session);
      if (outcome === 'outdated') throw new ServiceError('invalid_credentials');
      if (outcome === 'disabled') throw new ServiceError('account_disabled');
      await sessions.endSessionsBeyond(db, userId, perUser, session.id);
      const started = { type: 'session.started', outcome: 'success', userId, sessionId: session.id } as const;
      await audit.record(db, { ...started, actorId: userId, client, details: { method: 'password' } });
      return issueTokens({ ...session, authenticatedAt: new Date(), generation: 0 });
    },

    /**
     * Continues a session whose user has just proved once more who they are: its refresh token stays the same. Throws `invalid_token` if
     * it ended meanwhile, or the credentials have changed.
     */
    async reauthenticate(db: Db, id: string, { credentialsVersion }: Proven): Promise<TokenPair> {
      const session = await sessions.renewProof(db, { id, credentialsVersion, secret: randomBytes(32) });
      if (!session) throw new ServiceError('invalid_token');
      return issueTokens(session);
    },

    /** Who an access token stands for now; nothing when its session ended or its user may not sign in any more. */
    async authenticate(claims: AccessTokenClaims): Promise<UserPrincipal | undefined> {
      const { userId, sessionId, authenticatedAt } = claims;
      const user = await findUser(sessionId);
      return user?.id === userId ? { kind: 'user', id: userId, user, sessionId, authenticatedAt } : undefined;
    },

    /** Ends one session; there is an event only if it had not ended. */
    async end(db: Db, { userId, sessionId }: SessionOfUser, actor: Actor): Promise<void> {
      if (!(await sessions.endSession(db, sessionId))) return;
      await audit.record(db, { ...actor, type: 'session.ended', outcome: 'success', userId, sessionId });
    },

    endAllOf: (db: Db, userId: string): Promise<void> => sessions.endSessionsOfUser(db, userId),

    /** Ends the user's sessions except one, which outlives a change of credentials that was made before in the same transaction. */
    endOthers: (db: Db, userId: string, sessionId: string): Promise<void> =>
      sessions.endOtherSessionsOfUser(db, userId, sessionId),
  };
}
