/** Rows for tests on a real database. */
import { randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { Db } from '../../src/platform/database/database.ts';
import type { User } from '../../src/access/user.ts';
import { insertSession, type NewSession } from '../../src/features/sessions/sessions.repository.ts';
import { aClient } from '../support/a-client.ts';
import { insertUser, type UserInsert } from '../../src/features/users/users.repository.ts';

export function newUser(changes: Partial<UserInsert> = {}): UserInsert {
  const mark = randomBytes(6).toString('hex');
  return {
    id: createId(),
    email: `person-${mark}@example.com`,
    fullName: `Quill Person ${mark}`,
    role: 'user',
    passwordHash: 'no hash',
    ...changes,
  };
}

/** A user in the database. */
export function aUser(db: Db, changes: Partial<UserInsert> = {}): Promise<User> {
  return insertUser(db, newUser(changes));
}

/** Users in the database, created in order. */
export async function users(db: Db, changes: Partial<UserInsert>[]): Promise<User[]> {
  const made: User[] = [];
  for (const change of changes) made.push(await aUser(db, change));
  return made;
}

/** A session that is not in the database yet. */
export function newSession(userId: string, changes: Partial<NewSession> = {}): NewSession {
  return {
    id: createId(),
    userId,
    credentialsVersion: 1,
    ttlSeconds: 3600,
    methods: ['password'],
    client: aClient(),
    secret: aHash(),
    ...changes,
  };
}

/** Creates a session of a user and returns its id. */
export async function aSession(db: Db, userId: string, changes: Partial<NewSession> = {}): Promise<string> {
  const session = newSession(userId, changes);
  if ((await insertSession(db, session)) !== 'started')
    throw new Error("the user can't begin a session: they are inactive, deleted or unknown");
  return session.id;
}

export async function expireSession(db: Db, id: string): Promise<void> {
  await db('sessions')
    .where({ id })
    .update({ expires_at: db.raw(`now() - interval '1 second'`) });
}

/** 32 random bytes. */
export function aHash(): Buffer {
  return randomBytes(32);
}

/** Runs calls at the same time; returns their results and their errors. */
export async function together<Result>(
  work: (() => Promise<Result>)[],
): Promise<{ given: Result[]; thrown: unknown[] }> {
  const settled = await Promise.allSettled(work.map((run) => run()));
  return {
    given: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    thrown: settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  };
}

/** Resolves when `count` sessions wait for a lock, or `work` has ended without waiting. */
export async function untilItWaits(db: Db, work: Promise<unknown>, count = 1): Promise<void> {
  const progress = { ended: false };
  void work.catch(() => {}).finally(() => (progress.ended = true));
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while (!progress.ended) {
    const { rows } = await db.raw<{ rows: unknown[] }>(waiting);
    if (rows.length >= count) return;
  }
}
