import { randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { AccessTokenClaims } from '../../access/access-tokens.ts';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import { batch } from '../../platform/database/batch.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { seconds } from './session-methods.ts';
import type { Session, SessionMethod } from './session.ts';
import type * as sessionsRepository from './sessions.repository.ts';
import type { BegunSession, IssueTokens, TokenPair } from './token-pair.ts';

export interface SessionsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly sessions: typeof sessionsRepository;
  readonly issueTokens: IssueTokens;
  readonly limits: SessionLimits;
}

export interface SessionLimits {
  /** How long a session lives after its login. */
  readonly ttlSeconds: number;
  /** How long it lives without a refresh. */
  readonly idleSeconds: number;
  /** The most sessions of one user. */
  readonly perUser: number;
}

/** The part of a principal that identifies their session. */
type Own = Pick<UserPrincipal, 'id' | 'sessionId'>;

/** Somebody who proved who they are, by credentials of this version. */
export interface Proven {
  readonly user: Pick<User, 'id'>;
  readonly credentialsVersion: number;
}

export type SessionsService = ReturnType<typeof createSessionsService>;

/** Sessions: started by a login, seen and ended by their user or an administrator. */
export function createSessionsService({ database, audit, sessions, issueTokens, limits }: SessionsServiceParts) {
  const findUser = batch((sessionIds: readonly string[]) => sessions.findSessionUsers(database.pool, sessionIds));

  const recordEnd = (db: Db, userId: string, sessionId: string, actor: Actor) =>
    audit.record(db, { ...actor, type: 'session.ended', outcome: 'success', userId, sessionId });

  const recordEnds = (db: Db, userId: string, actor: Actor) =>
    audit.record(db, { ...actor, type: 'session.all_ended', outcome: 'success', userId });

  async function endOwn(db: Db, { id: userId }: Own, sessionId: string, client: Client): Promise<boolean> {
    const hasEnded = await sessions.endSessionOfUser(db, userId, sessionId);
    if (hasEnded) await recordEnd(db, userId, sessionId, { actorId: userId, client });
    return hasEnded;
  }

  return {
    /**
     * Begins a session for a user who has just proved, by these methods, who they are. If that makes too many, the least recently used
     * one ends. Throws `account_disabled` if the user was deactivated or deleted meanwhile, `invalid_credentials` if their credentials
     * have changed, and `second_factor_required` if they have a second factor, and the methods are one.
     */
    async begin(
      db: Db,
      { user: { id: userId }, credentialsVersion }: Proven,
      client: Client,
      methods: readonly SessionMethod[],
    ): Promise<BegunSession> {
      const proven = { userId, credentialsVersion, methods };
      const session = { id: createId(), ...proven, ttlSeconds: limits.ttlSeconds, client, secret: randomBytes(32) };
      const outcome = await sessions.insertSession(db, session);
      if (outcome === 'outdated') throw new ServiceError('invalid_credentials');
      if (outcome === 'one_factor') throw new ServiceError('second_factor_required');
      if (outcome === 'disabled') throw new ServiceError('account_disabled');
      const started = { type: 'session.started', outcome: 'success', userId, sessionId: session.id } as const;
      await audit.record(db, { ...started, actorId: userId, client, details: { method: methods.join('+') } });
      for (const sessionId of await sessions.endSessionsBeyond(db, userId, limits.perUser, session.id)) {
        await recordEnd(db, userId, sessionId, { details: { reason: 'too_many' } });
      }
      const authenticatedAt = new Date();
      const expiresAt = new Date(authenticatedAt.getTime() + limits.ttlSeconds * 1000);
      return { ...issueTokens({ ...session, expiresAt, authenticatedAt, generation: 0 }), sessionId: session.id };
    },

    /**
     * Continues a session whose user has just proved again, by these methods, who they are; its refresh token stays the same. Throws
     * `invalid_token` if it ended meanwhile, or the credentials have changed, and `second_factor_required` as `begin` does.
     */
    async reauthenticate(
      db: Db,
      id: string,
      { user: { id: userId }, credentialsVersion }: Proven,
      methods: readonly SessionMethod[],
    ): Promise<TokenPair> {
      const proof = { id, userId, credentialsVersion, methods, secret: randomBytes(32) };
      const session = await sessions.renewProof(db, proof);
      if (session === 'one_factor') throw new ServiceError('second_factor_required');
      if (!session) throw new ServiceError('invalid_token');
      return issueTokens(session);
    },

    /** Counts a factor that was just confirmed among what the session's user has proved; its next access token says so. */
    addMethod: (db: Db, { sessionId }: Own, method: SessionMethod): Promise<void> =>
      sessions.addMethod(db, sessionId, method),

    /** Counts no second factor among what the session's user has proved, since they have none left; its next access token says so. */
    removeSecondFactors: (db: Db, { sessionId }: Own): Promise<void> => sessions.removeMethods(db, sessionId, seconds),

    /** The principal of an access token; `undefined` if its session has ended or its user may no longer sign in. */
    async authenticate(claims: AccessTokenClaims): Promise<UserPrincipal | undefined> {
      const { userId, sessionId, authenticatedAt, acr } = claims;
      const user = await findUser(sessionId);
      return user?.id === userId ? { kind: 'user', id: userId, user, sessionId, authenticatedAt, acr } : undefined;
    },

    /** Whether a session of a user is active, as the transaction sees it. */
    async isActive(db: Db, { id, sessionId }: Own): Promise<boolean> {
      const [user] = await sessions.findSessionUsers(db, [sessionId]);
      return user?.id === id;
    },

    /** The active sessions of a user, the last used first. */
    listOwn: ({ id }: Own): Promise<Session[]> => sessions.listSessions(database.pool, id, limits.idleSeconds),

    /** How many active sessions there are, of all users; counted up to `most`. */
    countActive: (most: number): Promise<number> => sessions.countSessions(database.pool, limits.idleSeconds, most),

    /** Those of any user; throws `not_found`. */
    async list(userId: string): Promise<Session[]> {
      const found = await sessions.listSessions(database.pool, userId, limits.idleSeconds);
      if (found.length === 0 && !(await sessions.hasUser(database.pool, userId))) throw noUser();
      return found;
    },

    /** Ends the session of the user who asks, if it has not ended meanwhile. */
    async signOut(db: Db, own: Own, client: Client): Promise<void> {
      await endOwn(db, own, own.sessionId, client);
    },

    /** Ends an active session of the user who asks; throws `not_found` for any other. */
    async end(db: Db, own: Own, sessionId: string, client: Client): Promise<void> {
      if (await endOwn(db, own, sessionId, client)) return;
      throw new ServiceError('not_found', { detail: 'There is no session with this id.' });
    },

    /** Ends all sessions of the user who asks but the one they ask with. */
    async endOwnOthers(db: Db, { id, sessionId }: Own, client: Client): Promise<void> {
      await sessions.lockUser(db, id);
      await sessions.endOtherSessionsOfUser(db, id, sessionId);
      await recordEnds(db, id, { actorId: id, client });
    },

    /** Ends all sessions of a user, at an administrator's request; throws `not_found`. */
    async endAll(db: Db, userId: string, actor: Actor): Promise<void> {
      if (!(await sessions.lockUser(db, userId))) throw noUser();
      await sessions.endSessionsOfUser(db, userId);
      await recordEnds(db, userId, actor);
    },

    /** Ends all sessions of a user, in the transaction that makes it necessary. */
    endAllOf: (db: Db, userId: string): Promise<void> => sessions.endSessionsOfUser(db, userId),

    /** Ends the user's sessions except one, which outlives a change of credentials that was made before in the same transaction. */
    async endOthers(db: Db, userId: string, sessionId: string): Promise<void> {
      await sessions.endOtherSessionsOfUser(db, userId, sessionId);
      await sessions.renewCredentialsVersion(db, userId, sessionId);
    },
  };
}

const noUser = () => new ServiceError('not_found', { detail: 'There is no user with this id.' });
