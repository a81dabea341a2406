/** Stand-ins for repositories, written by hand: they keep users and sessions in memory and note who called them. */
import { randomUUID } from 'node:crypto';
import { createHashing, type Hashing } from '../../src/features/passwords/password-hashing.ts';
import type { Database, Db } from '../../src/platform/database/database.ts';
import { ServiceError } from '../../src/platform/errors.ts';
import type { User } from '../../src/access/user.ts';
import type * as sessionsRepository from '../../src/features/sessions/sessions.repository.ts';
import type * as usersRepository from '../../src/features/users/users.repository.ts';

/** What stubs get as `db`: they only tell the two apart. */
export const pool = { stub: 'pool' } as unknown as Db;
export const transaction = { stub: 'transaction' } as unknown as Db;
export const database: Pick<Database, 'pool' | 'transaction'> = { pool, transaction: (work) => work(transaction) };

const where = (db: Db) => (db === transaction ? 'in transaction' : 'by itself');

export function aUser(changes: Partial<User> = {}): User {
  const id = randomUUID();
  return {
    id,
    email: `${id.slice(0, 8)}@example.com`,
    fullName: 'Vera Stone',
    role: 'user',
    isActive: true,
    version: 1,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    updatedAt: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  };
}

/** A users repository that holds these users; `calls` are the functions that change or lock, with where they ran. */
export function stubUsers(...present: User[]) {
  const rows = new Map(present.map((user) => [user.id, user]));
  const hashes = new Map<string, string>();
  const calls: string[] = [];
  const find = async (id: string) => rows.get(id);
  const activeAdmins = () => [...rows.values()].filter(({ role, isActive }) => role === 'admin' && isActive);
  const repository: typeof usersRepository = {
    async insertUser(db, { passwordHash, ...user }) {
      calls.push(`insertUser ${where(db)}`);
      if ([...rows.values()].some(({ email }) => email === user.email)) throw new ServiceError('email_taken');
      const made = aUser(user);
      rows.set(made.id, made);
      hashes.set(made.id, passwordHash);
      return made;
    },
    findUser: (_db, id) => find(id),
    async findUserForUpdate(db, id) {
      calls.push(`findUserForUpdate ${where(db)}`);
      return find(id);
    },
    async findUserByEmail(_db, email) {
      const user = [...rows.values()].find((row) => row.email === email);
      return user && { user, passwordHash: hashes.get(user.id) ?? '' };
    },
    async lockActiveAdmins(db) {
      calls.push(`lockActiveAdmins ${where(db)}`);
      return activeAdmins().map(({ id }) => id);
    },
    hasAdmin: async () => activeAdmins().length > 0,
    async updateUser(db, id, changes) {
      calls.push(`updateUser ${where(db)}`);
      const before = rows.get(id);
      if (!before) return undefined;
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const after: User = { ...before, ...given, version: before.version + 1 };
      rows.set(id, after);
      return after;
    },
    async deleteUser(db, id) {
      calls.push(`deleteUser ${where(db)}`);
      return rows.delete(id);
    },
    async renewPasswordHash(_db, id, oldHash, newHash) {
      if (hashes.get(id) === oldHash) hashes.set(id, newHash);
    },
    countUsers: async () => rows.size,
    async listUsers(_db, _query, { limit, offset = 0, after }) {
      const all = [...rows.values()];
      const start = after ? all.findIndex(({ id }) => id === after.id) + 1 : offset;
      return all.slice(start, start + limit);
    },
  };
  return { repository, rows, hashes, calls };
}

interface StubSession {
  readonly userId: string;
  ended: boolean;
}

/** A sessions repository on these users; only active ones can hold a session. */
export function stubSessions(...users: User[]) {
  const sessions = new Map<string, StubSession>();
  const tokens = new Map<string, { sessionId: string; used: boolean }>();
  const calls: string[] = [];
  const standing = (userId: string) => users.find(({ id, isActive }) => id === userId && isActive);
  const userOf = (sessionId: string) => {
    const session = sessions.get(sessionId);
    return session && !session.ended ? standing(session.userId) : undefined;
  };
  const end = (matches: (session: StubSession, id: string) => boolean) => {
    for (const [id, session] of sessions) if (matches(session, id)) session.ended = true;
  };
  const repository: typeof sessionsRepository = {
    async insertSession(db, id, userId, ttlSeconds) {
      calls.push(`insertSession for ${ttlSeconds} seconds ${where(db)}`);
      if (!standing(userId)) return false;
      sessions.set(id, { userId, ended: false });
      return true;
    },
    async findSessionUsers(db, sessionIds) {
      calls.push(`findSessionUsers of ${sessionIds.length} ${where(db)}`);
      return sessionIds.map(userOf);
    },
    async insertRefreshToken(db, tokenHash, sessionId) {
      calls.push(`insertRefreshToken ${where(db)}`);
      tokens.set(tokenHash.toString('hex'), { sessionId, used: false });
    },
    async rotateRefreshTokens(_db, rotations) {
      return rotations.map(({ usedHash, nextHash }) => {
        const token = tokens.get(usedHash.toString('hex'));
        if (!token || token.used) return undefined;
        token.used = true;
        const { sessionId } = token;
        const user = userOf(sessionId);
        if (user) tokens.set(nextHash.toString('hex'), { sessionId, used: false });
        return { sessionId, user };
      });
    },
    findRefreshTokenSession: async (_db, tokenHash) => tokens.get(tokenHash.toString('hex'))?.sessionId,
    async endSession(db, sessionId) {
      calls.push(`endSession ${where(db)}`);
      end((_session, id) => id === sessionId);
    },
    async endSessionsOfUser(db, userId) {
      calls.push(`endSessionsOfUser ${userId} ${where(db)}`);
      end((session) => session.userId === userId);
    },
    deleteExpiredSessions: async () => 0,
  };
  return { repository, sessions, tokens, calls };
}

/** The real password hashing at its lowest cost, with a note of what it was asked. */
/** Passwords that never wait long. */
export function passwordsAt(cost: number): Hashing {
  return createHashing({ cost, concurrency: 2, queueMax: 100 });
}

export function watchedPasswords(cost = 4) {
  const real = passwordsAt(cost);
  const hashed: string[] = [];
  const verified: { password: string; hash: string | undefined }[] = [];
  const passwords: Hashing = {
    ...real,
    hash(password) {
      hashed.push(password);
      return real.hash(password);
    },
    verify(password, hash) {
      verified.push({ password, hash });
      return real.verify(password, hash);
    },
  };
  return { passwords, hashed, verified };
}
