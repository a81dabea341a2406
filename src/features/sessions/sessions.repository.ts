import { raw } from 'objection';
import { deadlineOf } from '../../platform/database/connection.ts';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import { toUser, userColumns, UserModel, type UserRow } from '../users/joined-user.ts';
import { RefreshTokenModel, SessionModel } from './sessions.model.ts';

/** A session that begins. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly ttlSeconds: number;
  /** By what the user proved who they are. */
  readonly methods: readonly string[];
  readonly client: Pick<Client, 'address' | 'userAgent'>;
}

/**
 * Starts a session, unless the user was deactivated or deleted meanwhile; returns whether it did.
 * The row of the user is shared-locked, so that a deactivation either sees the session or prevents it.
 */
export async function insertSession(db: Db, session: NewSession): Promise<boolean> {
  const { id, userId, ttlSeconds, methods, client } = session;
  const user = await UserModel.query(db)
    .select('credentials_version')
    .findOne({ id: userId, is_active: true, deleted_at: null })
    .forShare();
  if (!user) return false;
  await SessionModel.query(db).insert({
    id,
    user_id: userId,
    expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
    credentials_version: user.credentials_version,
    authenticated_at: raw('now()'),
    methods: [...methods],
    user_agent: client.userAgent ?? null,
    ip_address: client.address || null,
  });
  return true;
}

// The active sessions, and their users.
const activeSessions = (...columns: string[]) => `
  select ${['sessions.id as session_id', ...columns, ...userColumns.map((column) => `users.${column}`)].join(', ')}
  from sessions join users on users.id = sessions.user_id
  where sessions.ended_at is null and sessions.expires_at > now() and users.is_active and users.deleted_at is null
    and sessions.credentials_version = users.credentials_version`;

/** The user of each session that is active: not ended, not expired, its user active, not deleted and with the same credentials. */
export async function findSessionUsers(db: Db, sessionIds: readonly string[]): Promise<(User | undefined)[]> {
  const rows = await selectSessionUsers(db, sessionIds);
  const users = new Map(rows.map((row) => [row.session_id, toUser(row)]));
  return sessionIds.map((id) => users.get(id));
}

// The inner select hides the number of values, so that PostgreSQL keeps one plan instead of planning each query.
const selectSessionUsers = prepare<UserRow & { session_id: string }>(
  `select * from (${activeSessions()}) as active where session_id = any(array(select unnest($1::uuid[])))`,
);

export async function insertRefreshToken(db: Db, tokenHash: Buffer, sessionId: string): Promise<void> {
  await RefreshTokenModel.query(db).insert({ token_hash: tokenHash, session_id: sessionId });
}

/** The hashes of a refresh token to use up and of its successor. */
export interface Rotation {
  readonly usedHash: Buffer;
  readonly nextHash: Buffer;
}

/** The outcome of a rotation: whose session it is, and if it is still active, the user, and when they signed in. */
export type Rotated =
  | { readonly sessionId: string; readonly user: User; readonly authenticatedAt: Date }
  | { readonly sessionId: string; readonly user: undefined };

/**
 * Uses up refresh tokens and puts others in their places, if their sessions are active; nothing comes of one that is unknown or used.
 * Of concurrent rotations of one token, one gets the session. It is one statement, and so commits by itself; it does nothing when
 * it is executed after its client was answered that it failed.
 */
export async function rotateRefreshTokens(db: Db, rotations: readonly Rotation[]): Promise<(Rotated | undefined)[]> {
  const usedHashes = rotations.map(({ usedHash }) => usedHash);
  const nextHashes = rotations.map(({ nextHash }) => nextHash);
  const rows = await rotateTokens(db, usedHashes, nextHashes, deadlineOf);
  const found = new Map(rows.map((row) => [row.next_hash.toString('hex'), row]));
  return rotations.map(({ nextHash }) => {
    const row = found.get(nextHash.toString('hex'));
    if (!row) return undefined;
    const sessionId = row.used_session_id;
    if (!isActive(row)) return { sessionId, user: undefined };
    return { sessionId, user: toUser(row), authenticatedAt: row.authenticated_at };
  });
}

type ActiveRow = UserRow & { authenticated_at: Date };
type RotationRow = { used_session_id: string; next_hash: Buffer } & (ActiveRow | { id: null });

const isActive = (row: RotationRow): row is RotationRow & ActiveRow => row.id !== null;

const rotateTokens = prepare<RotationRow>(
  `with locked as (
    -- One by one in the order of their hashes, whatever the plan: two of these never wait for each other.
    select token_hash, session_id, next_hash
    from (
      select * from unnest((select $1::bytea[]), (select $2::bytea[])) as given (used_hash, next_hash) order by used_hash
    ) as given
    cross join lateral (
      select token_hash, session_id from refresh_tokens
      where token_hash = used_hash and used_at is null
      for no key update
    ) as unused
  ), used as (
    update refresh_tokens set used_at = now()
    from locked left join (${activeSessions('coalesce(sessions.authenticated_at, sessions.created_at) as authenticated_at')}) as active using (session_id)
    where refresh_tokens.token_hash = locked.token_hash
    returning locked.session_id as used_session_id, next_hash, active.*
  ), next as (
    insert into refresh_tokens (token_hash, session_id)
    select next_hash, session_id from used where session_id is not null
  )
  select * from used
  -- Too late is an error, which undoes all of it; SQL itself has no other.
  where 1 / (case when clock_timestamp() < to_timestamp($3) then 1 else 0 end) = 1`,
);

/** The session that a refresh token belongs or belonged to. */
export async function findRefreshTokenSession(db: Db, tokenHash: Buffer): Promise<string | undefined> {
  const row = await RefreshTokenModel.query(db).findById(tokenHash).select('session_id');
  return row?.session_id;
}

export async function endSession(db: Db, sessionId: string): Promise<void> {
  await end(db).where({ id: sessionId });
}

export async function endSessionsOfUser(db: Db, userId: string): Promise<void> {
  await end(db).where({ user_id: userId });
}

/** Ends all sessions of a user but one, which goes on under the credentials that the user has now. */
export async function endOtherSessionsOfUser(db: Db, userId: string, keptId: string): Promise<void> {
  await end(db).where({ user_id: userId }).whereNot({ id: keptId });
  const current = UserModel.query(db).select('credentials_version').where({ id: userId });
  await SessionModel.query(db).patch({ credentials_version: current }).where({ id: keptId, user_id: userId });
}

/** Deletes up to `limit` expired sessions, with their refresh tokens; returns how many. */
export async function deleteExpiredSessions(db: Db, limit: number): Promise<number> {
  const expired = SessionModel.query(db).select('id').where('expires_at', '<', raw('now()'));
  return SessionModel.query(db)
    .delete()
    .whereRaw('id = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

function end(db: Db) {
  return SessionModel.query(db)
    .patch({ ended_at: raw('now()') })
    .whereNull('ended_at');
}
