import { raw, type QueryBuilder } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import { FactorModel } from '../factors/joined-factor.ts';
import { toUser, userColumns, UserModel, type UserRow } from '../users/joined-user.ts';
import { hasTwoFactors } from './session-methods.ts';
import type { Session, SessionMethod } from './session.ts';
import { isActive, SessionModel } from './sessions.model.ts';
import type { ContinuedSession } from './token-pair.ts';

export { hasUser, lockUser } from '../users/joined-user.ts';

/** A session that begins. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  /** Of the credentials that the user proved to have. */
  readonly credentialsVersion: number;
  readonly ttlSeconds: number;
  readonly methods: readonly SessionMethod[];
  readonly client: Pick<Client, 'address' | 'userAgent'>;
  /** Known only to the database; refresh tokens are computed from it. */
  readonly secret: Buffer;
}

/**
 * Starts a session, unless the user was deactivated or deleted meanwhile, the credentials have changed, or the methods are one factor and
 * the user has a second. The row of the user is locked: a deactivation or a new factor either sees the session or prevents it, and the
 * user's logins come one after the other.
 */
export async function insertSession(
  db: Db,
  session: NewSession,
): Promise<'started' | 'disabled' | 'outdated' | 'one_factor'> {
  const { id, userId, credentialsVersion, ttlSeconds, methods, client, secret } = session;
  const [user] = await lockActiveUser(db, userId);
  if (!user) return 'disabled';
  if (user.credentials_version !== credentialsVersion) return 'outdated';
  if (needsMore(user, methods)) return 'one_factor';
  const place = [client.userAgent, client.address || undefined];
  await insert(db, id, userId, ttlSeconds, credentialsVersion, methods, ...place, secret);
  return 'started';
}

const insert = prepare(
  `insert into sessions
    (id, user_id, expires_at, credentials_version, authenticated_at, methods, user_agent, ip_address, secret)
  values ($1, $2, now() + $3 * interval '1 second', $4, now(), $5, $6, $7, $8)`,
);

interface LockedUser {
  readonly credentials_version: number;
  readonly has_second_factor: boolean;
}

// Whoever waits for the lock sees the factors as before, but the credentials version that a change of them has raised.
const lockWhere = (condition: string) =>
  prepare<LockedUser>(
    `select credentials_version, exists (
      select from ${FactorModel.tableName} where user_id = users.id and confirmed_at is not null
    ) as has_second_factor
    from users where ${condition} for no key update`,
  );

const lockUserWithFactors = lockWhere('id = $1');
const lockActiveUser = lockWhere('id = $1 and is_active and deleted_at is null');

const needsMore = ({ has_second_factor: hasSecond }: LockedUser, methods: readonly SessionMethod[]) =>
  hasSecond && !hasTwoFactors(methods);

/**
 * Records how a session's user proved again who they are; `undefined` if the session has ended or the credentials have changed. Refuses
 * methods that are one factor, if the user has a second, as `insertSession` does.
 */
export async function renewProof(
  db: Db,
  { id, userId, ...proof }: Pick<NewSession, 'id' | 'userId' | 'credentialsVersion' | 'methods' | 'secret'>,
): Promise<ContinuedSession | 'one_factor' | undefined> {
  const { credentialsVersion, methods, secret } = proof;
  const [user] = await lockUserWithFactors(db, userId);
  if (user?.credentials_version !== credentialsVersion) return undefined;
  if (needsMore(user, methods)) return 'one_factor';
  const [row] = await SessionModel.query(db)
    // Only a session of Latchkey 0.1 has no secret yet.
    .patch({ authenticated_at: raw('now()'), methods: [...methods], secret: raw('coalesce(secret, ?)', [secret]) })
    .where({ id, user_id: userId, credentials_version: credentialsVersion, ended_at: null })
    .where('expires_at', '>', raw('now()'))
    .returning('*');
  if (!row) return undefined;
  const { authenticated_at: authenticatedAt, expires_at: expiresAt, generation } = row;
  const renewed = { authenticatedAt: authenticatedAt ?? new Date(), methods };
  return { id, userId, expiresAt, ...renewed, generation, secret: row.secret ?? secret };
}

/** Adds a method to those by which a session's user proved who they are. */
export async function addMethod(db: Db, sessionId: string, method: SessionMethod): Promise<void> {
  const added = raw('array_append(methods, ?::text)', [method]);
  await SessionModel.query(db)
    .patch({ methods: added })
    .where({ id: sessionId })
    .whereRaw('not ? = any(methods)', [method]);
}

/** Takes methods from those by which a session's user proved who they are. */
export async function removeMethods(db: Db, sessionId: string, methods: readonly SessionMethod[]): Promise<void> {
  const kept = 'select method from unnest(methods) with ordinality as of (method, place)';
  const left = raw(`array(${kept} where not method = any(?::text[]) order by place)`, [methods]);
  await SessionModel.query(db).patch({ methods: left }).where({ id: sessionId });
}

/** The user of each session that is active. */
export async function findSessionUsers(db: Db, sessionIds: readonly string[]): Promise<(User | undefined)[]> {
  if (sessionIds.length === 1) {
    const [row] = await selectSessionUser(db, ...sessionIds);
    return [row && toUser(row)];
  }
  const rows = await selectSessionUsers(db, sessionIds);
  const users = new Map(rows.map((row) => [row.session_id, toUser(row)]));
  return sessionIds.map((id) => users.get(id));
}

const columnsOfUser = userColumns.map((column) => `users.${column}`).join(', ');
const fromActive = `from sessions join users on users.id = sessions.user_id where ${isActive}`;

// The plan for any number of sessions takes PostgreSQL longer.
const selectSessionUser = prepare<UserRow>(`select ${columnsOfUser} ${fromActive} and sessions.id = $1`);

// The inner select hides the number of values, so that PostgreSQL keeps one plan instead of planning each query.
const selectSessionUsers = prepare<UserRow & { session_id: string }>(
  `select sessions.id as session_id, ${columnsOfUser} ${fromActive} and sessions.id = any(array(select unnest($1::uuid[])))`,
);

/** The active sessions of a user, the last used first. */
export async function listSessions(db: Db, userId: string, idleSeconds: number): Promise<Session[]> {
  const rows = await selectSessions(db, userId, idleSeconds);
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.ends_at,
    userAgent: row.user_agent ?? undefined,
    address: row.ip_address ?? undefined,
    methods: row.methods,
  }));
}

const selectSessions = prepare<SessionModel & { readonly ends_at: Date }>(
  `select sessions.*, least(expires_at, last_used_at + $2 * interval '1 second') as ends_at
  from sessions join users on users.id = user_id
  where user_id = $1 and ${isActive} and last_used_at > now() - $2 * interval '1 second'
  order by last_used_at desc, sessions.id desc limit 1000`,
);

/**
 * Counts the active sessions of all users, but no more than `most`. Whatever makes a session inactive by its user also ends it, so users
 * need not be joined, which would take ten times as long.
 */
export async function countSessions(db: Db, idleSeconds: number, most: number): Promise<number> {
  const [row] = await selectCount(db, idleSeconds, most);
  return row?.count ?? 0;
}

const selectCount = prepare<{ count: number }>(
  `select count(*)::int from (
    select from sessions
    where ended_at is null and expires_at > now() and last_used_at > now() - $1 * interval '1 second' limit $2
  ) as counted`,
);

/** Returns whether it had not ended yet. */
export async function endSession(db: Db, sessionId: string): Promise<boolean> {
  return (await end(db, (sessions) => sessions.where({ id: sessionId }))).length > 0;
}

/** Returns whether it was an active session of the user. */
export async function endSessionOfUser(db: Db, userId: string, sessionId: string): Promise<boolean> {
  const unexpired = (sessions: Sessions) =>
    sessions.where({ id: sessionId, user_id: userId }).where('expires_at', '>', raw('now()'));
  return (await end(db, unexpired)).length > 0;
}

export async function endSessionsOfUser(db: Db, userId: string): Promise<void> {
  await end(db, (sessions) => sessions.where({ user_id: userId }));
}

export async function endOtherSessionsOfUser(db: Db, userId: string, keptId: string): Promise<void> {
  await end(db, (sessions) => sessions.where({ user_id: userId }).whereNot({ id: keptId }));
}

/** Moves a session to its user's current credentials, so that it stays valid. */
export async function renewCredentialsVersion(db: Db, userId: string, sessionId: string): Promise<void> {
  const current = UserModel.query(db).select('credentials_version').where({ id: userId });
  await SessionModel.query(db).patch({ credentials_version: current }).where({ id: sessionId, user_id: userId });
}

/** Ends a user's least recently used sessions beyond `max`, but never the one that just began. Returns their ids. */
export async function endSessionsBeyond(db: Db, userId: string, max: number, begunId: string): Promise<string[]> {
  const beyond = await selectBeyond(db, userId, begunId, max - 1);
  if (beyond.length === 0) return [];
  return end(db, (sessions) => sessions.findByIds(beyond.map(({ id }) => id)));
}

const selectBeyond = prepare<Pick<SessionModel, 'id'>>(
  `select id from sessions where user_id = $1 and id <> $2 and ended_at is null and expires_at > now()
  order by last_used_at desc, id desc offset $3`,
);

/** Deletes up to `limit` expired sessions; returns how many. */
export async function deleteExpiredSessions(db: Db, limit: number): Promise<number> {
  const expired = SessionModel.query(db).select('id').where('expires_at', '<', raw('now()'));
  return SessionModel.query(db)
    .delete()
    .whereRaw('id = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

type Sessions = QueryBuilder<SessionModel>;

/**
 * Ends sessions, so that their rows expire; returns their ids. Locks them in id order, as refreshes do, so that the two never deadlock.
 */
async function end(db: Db, choose: (sessions: Sessions) => Sessions): Promise<string[]> {
  const ending = choose(SessionModel.query(db)).select('id').whereNull('ended_at').orderBy('id').forNoKeyUpdate();
  const ended = await SessionModel.query(db)
    .patch({ ended_at: raw('now()'), expires_at: raw('least(expires_at, now())') })
    .whereRaw('id = any(array(?))', [ending])
    .returning('id');
  return ended.map(({ id }) => id);
}
