/** The services of sessions among users that a test names. */
import { createRefreshTokens } from '../../../src/features/sessions/refresh-tokens.ts';
import type * as refreshRepository from '../../../src/features/sessions/refresh.repository.ts';
import { createRefreshService, type RefreshOutcome } from '../../../src/features/sessions/refresh.service.ts';
import type * as sessionsRepository from '../../../src/features/sessions/sessions.repository.ts';
import { createSessionsService } from '../../../src/features/sessions/sessions.service.ts';
import { createTokenIssuer } from '../../../src/features/sessions/token-pair.ts';
import type { User } from '../../../src/access/user.ts';
import type { AuditEvent } from '../../../src/features/audit/audit-event.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import type { Log } from '../../../src/platform/log/log.ts';
import { aClient } from '../../support/a-client.ts';
import { database, requireTransaction, transaction } from '../platform/stub-database.ts';

export interface StubSession extends sessionsRepository.NewSession {
  readonly begunAt: Date;
  generation: number;
  /** Whether the token before the current one may be repeated. */
  isInGrace: boolean;
  ended: boolean;
}

/** The services with these users. Their access tokens are readable: `user/session`. */
export function given(...users: User[]) {
  const stub = stubRepositories(users);
  const warnings: unknown[] = [];
  const events: AuditEvent[] = [];
  const notices: unknown[] = [];
  const outcomes: RefreshOutcome[] = [];
  const silent = () => {};
  const warn = (fields: unknown) => void warnings.push(fields);
  const log: Log = { trace: silent, debug: silent, info: silent, error: silent, fatal: silent, warn };
  const refreshTokens = createRefreshTokens(deriveKeys(['a signing secret for tests only']));
  const issueTokens = createTokenIssuer(refreshTokens, ({ userId, sessionId }) => `${userId}/${sessionId}`, 900);
  const sessions = stub.repository;
  const limits = { ttlSeconds: 2_592_000, idleSeconds: 1_209_600, graceSeconds: 30, perUser: 2 };
  const audit = {
    async record(db: Db, event: AuditEvent) {
      requireTransaction(db);
      events.push(event);
    },
  };
  const real = createSessionsService({ database, audit, sessions, issueTokens, limits });
  const refreshing = createRefreshService({
    database,
    audit,
    notices: {
      async send(db, notice) {
        requireTransaction(db);
        notices.push(notice);
      },
    },
    repository: stub.refreshing,
    sessions,
    refreshTokens,
    issueTokens,
    limits,
    log,
    record: (outcome) => void outcomes.push(outcome),
  });
  const service = {
    ...real,
    begin: (userId: string) =>
      real.begin(transaction, { user: { id: userId }, credentialsVersion: 1 }, aClient(), ['password']),
    refresh: (refreshToken: string) => refreshing.refresh(refreshToken, aClient()),
    signOut: (id: string, sessionId: string) => real.signOut(transaction, { id, sessionId }, aClient()),
  };
  const onlySession = () => [...stub.sessions.values()][0]!;
  return { ...stub, service, warnings, events, notices, outcomes, onlySession };
}

/** Keeps sessions in memory; only active users can hold one. */
function stubRepositories(users: User[]) {
  const sessions = new Map<string, StubSession>();
  const activeUser = (userId: string) => users.find(({ id, isActive }) => id === userId && isActive);
  const userOf = (sessionId: string) => {
    const session = sessions.get(sessionId);
    return session && !session.ended ? activeUser(session.userId) : undefined;
  };
  const end = (matches: (session: StubSession) => boolean) => {
    const ending = [...sessions.values()].filter((session) => matches(session) && !session.ended);
    for (const session of ending) session.ended = true;
    return ending.map(({ id }) => id);
  };
  const expiresAt = new Date(Date.now() + 60_000);
  const repository: typeof sessionsRepository = {
    async insertSession(db, session) {
      requireTransaction(db);
      if (!activeUser(session.userId)) return 'disabled';
      sessions.set(session.id, { ...session, begunAt: new Date(), generation: 0, isInGrace: false, ended: false });
      return 'started';
    },
    async renewProof(db, { id, methods }) {
      requireTransaction(db);
      const session = sessions.get(id);
      return session && !session.ended ? { ...session, expiresAt, methods, authenticatedAt: new Date() } : undefined;
    },
    countSessions: async (_db, _idleSeconds, most) => Math.min(sessions.size, most),
    findSessionUsers: async (_db, sessionIds) => sessionIds.map(userOf),
    addMethod: async () => {},
    removeMethods: async () => {},
    listSessions: async () => [],
    hasUser: async () => true,
    lockUser: async (_db, userId) => activeUser(userId),
    renewCredentialsVersion: async () => {},
    endSession: async (_db, sessionId) => end(({ id }) => id === sessionId).length > 0,
    endSessionOfUser: async (_db, userId, sessionId) =>
      end((session) => session.userId === userId && session.id === sessionId).length > 0,
    endSessionsOfUser: async (_db, userId) => void end((session) => session.userId === userId),
    endOtherSessionsOfUser: async (_db, userId, keptId) =>
      void end((session) => session.userId === userId && session.id !== keptId),
    async endSessionsBeyond(db, userId, most, begunId) {
      requireTransaction(db);
      const others = [...sessions.values()].filter(
        ({ id, ended, ...of }) => of.userId === userId && id !== begunId && !ended,
      );
      const beyond = others.reverse().slice(most - 1);
      for (const session of beyond) session.ended = true;
      return beyond.map(({ id }) => id);
    },
    deleteExpiredSessions: async () => 0,
  };
  const refreshing: typeof refreshRepository = {
    async refreshSessions(_db, tokens) {
      return tokens.map(({ sessionId, generation }) => {
        const session = sessions.get(sessionId);
        if (!session || !userOf(sessionId)) return undefined;
        if (generation < session.generation - (session.isInGrace ? 1 : 0)) return undefined;
        session.generation = Math.max(session.generation, generation + 1);
        session.isInGrace = true;
        return { ...session, expiresAt, authenticatedAt: session.begunAt, generation: generation + 1 };
      });
    },
    async findNamedSession(_db, id) {
      const session = sessions.get(id);
      const email = users.find((user) => user.id === session?.userId)?.email ?? '';
      return session && { ...session, email, isActive: userOf(id) !== undefined };
    },
  };
  return { repository, refreshing, sessions };
}
