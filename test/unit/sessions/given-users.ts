/** The sessions service with given users. */
import type { User } from '../../../src/access/user.ts';
import type * as sessionsRepository from '../../../src/features/sessions/sessions.repository.ts';
import { createSessionsService, type RefreshOutcome } from '../../../src/features/sessions/sessions.service.ts';
import type { Log } from '../../../src/platform/log/log.ts';
import { aClient } from '../../support/a-client.ts';
import { database, requireTransaction, transaction } from '../platform/stub-database.ts';

export interface StubSession {
  readonly userId: string;
  readonly ttlSeconds: number;
  readonly begunAt: Date;
  ended: boolean;
}

/** The service with these users. Its access tokens are readable: `user/session`. */
export function given(...users: User[]) {
  const stub = stubRepository(users);
  const warnings: unknown[] = [];
  const outcomes: RefreshOutcome[] = [];
  const silent = () => {};
  const warn = (fields: unknown) => void warnings.push(fields);
  const log: Log = { trace: silent, debug: silent, info: silent, error: silent, fatal: silent, warn };
  const real = createSessionsService({
    database,
    sessions: stub.repository,
    issueAccessToken: ({ userId, sessionId }) => `${userId}/${sessionId}`,
    accessTtlSeconds: 900,
    refreshTtlSeconds: 2_592_000,
    log,
    record: (outcome) => void outcomes.push(outcome),
  });
  const service = { ...real, begin: (userId: string) => real.begin(transaction, { id: userId }, aClient()) };
  const onlySession = () => {
    const [[id, session]] = [...stub.sessions] as [[string, StubSession]];
    return { id, ...session };
  };
  return { ...stub, service, warnings, outcomes, onlySession };
}

/** Keeps sessions and hashes of refresh tokens in memory; only active users can hold a session. */
function stubRepository(users: User[]) {
  const sessions = new Map<string, StubSession>();
  const tokens = new Map<string, { sessionId: string; used: boolean }>();
  const activeUser = (userId: string) => users.find(({ id, isActive }) => id === userId && isActive);
  const userOf = (sessionId: string) => {
    const session = sessions.get(sessionId);
    return session && !session.ended ? activeUser(session.userId) : undefined;
  };
  const end = (matches: (session: StubSession, id: string) => boolean) => {
    for (const [id, session] of sessions) if (matches(session, id)) session.ended = true;
  };
  const repository: typeof sessionsRepository = {
    async insertSession(db, { id, userId, ttlSeconds }) {
      requireTransaction(db);
      if (!activeUser(userId)) return false;
      sessions.set(id, { userId, ttlSeconds, begunAt: new Date(), ended: false });
      return true;
    },
    findSessionUsers: async (_db, sessionIds) => sessionIds.map(userOf),
    async insertRefreshToken(db, tokenHash, sessionId) {
      requireTransaction(db);
      tokens.set(tokenHash.toString('hex'), { sessionId, used: false });
    },
    async rotateRefreshTokens(_db, rotations) {
      return rotations.map(({ usedHash, nextHash }) => {
        const token = tokens.get(usedHash.toString('hex'));
        if (!token || token.used) return undefined;
        token.used = true;
        const { sessionId } = token;
        const user = userOf(sessionId);
        if (!user) return { sessionId, user };
        tokens.set(nextHash.toString('hex'), { sessionId, used: false });
        return { sessionId, user, authenticatedAt: sessions.get(sessionId)!.begunAt };
      });
    },
    findRefreshTokenSession: async (_db, tokenHash) => tokens.get(tokenHash.toString('hex'))?.sessionId,
    endSession: async (_db, sessionId) => end((_session, id) => id === sessionId),
    endSessionsOfUser: async (_db, userId) => end((session) => session.userId === userId),
    endOtherSessionsOfUser: async (_db, userId, keptId) =>
      end((session, id) => session.userId === userId && id !== keptId),
    deleteExpiredSessions: async () => 0,
  };
  return { repository, sessions, tokens };
}
