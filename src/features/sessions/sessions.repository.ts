import { raw } from 'objection';
import { deadlineOf } from '../../platform/database/connection.ts';
import type { Db } from '../../platform/database/database.ts';
import { prepare, type OfConnection } from '../../platform/database/prepared.ts';
import type { User } from '../../access/user.ts';
import { toUser, userColumns, UserModel } from '../users/joined-user.ts';
import { RefreshTokenModel, SessionModel } from './sessions.model.ts';

/**
 * Begins a session, unless the user was deactivated or deleted by now; returns whether it did.
 * The row of the user is shared-locked, so that a deactivation either sees the session or prevents it.
 */
export async function insertSession(db: Db, id: string, userId: string, ttlSeconds: number): Promise<boolean> {
  const user = await UserModel.query(db)
    .select('id')
    .findOne({ id: userId, is_active: true, deleted_at: null })
    .forShare();
  if (!user) return false;
  await SessionModel.query(db).insert({
    id,
    user_id: userId,
    expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
  });
  return true;
}

/** The user of each session that stands: not ended, not expired, its user active and not deleted. */
export async function findSessionUsers(db: Db, sessionIds: readonly string[]): Promise<(User | undefined)[]> {
  const rows = await selectSessionUsers(db, sessionIds);
  const users = new Map(rows.map((row) => [row.session_id, toUser(row)]));
  return sessionIds.map((id) => users.get(id));
}

type SessionUserRow = UserModel & { session_id: string };

// A select inside hides how many values there are: PostgreSQL would plan anew each time for what it takes for few.
const selectSessionUsers = prepare<SessionUserRow, [sessionIds: readonly string[]]>('session_users', (db, sessionIds) =>
  standing(db).whereRaw('sessions.id = any(array(select unnest(?::uuid[])))', [sessionIds]),
);

export async function insertRefreshToken(db: Db, tokenHash: Buffer, sessionId: string): Promise<void> {
  await insertToken(db, tokenHash, sessionId);
}

const insertToken = prepare<never, [tokenHash: Buffer, sessionId: string]>(
  'insert_refresh_token',
  (db, token_hash, session_id) => RefreshTokenModel.query(db).insert({ token_hash, session_id }),
);

/** The hashes of a refresh token that is to be used up, and of the one that takes its place. */
export interface Rotation {
  readonly usedHash: Buffer;
  readonly nextHash: Buffer;
}

/** What came of a rotation: whose session it is, and the user, unless the session stands no more. */
export interface Rotated {
  readonly sessionId: string;
  readonly user: User | undefined;
}

/**
 * Uses up refresh tokens and puts others in their places, if their sessions stand; nothing comes of one that is unknown or used up.
 * Of concurrent rotations of one token, one gets the session. It is one statement, and so commits by itself; it does nothing when
 * it is executed after its client was answered that it failed.
 */
export async function rotateRefreshTokens(db: Db, rotations: readonly Rotation[]): Promise<(Rotated | undefined)[]> {
  const hashes = [rotations.map(({ usedHash }) => usedHash), rotations.map(({ nextHash }) => nextHash)] as const;
  const rows = await rotateTokens(db, ...hashes, deadlineOf);
  const found = new Map(rows.map((row) => [row.next_hash.toString('hex'), row]));
  return rotations.map(({ nextHash }) => {
    const row = found.get(nextHash.toString('hex'));
    return row && { sessionId: row.used_session_id, user: isStanding(row) ? toUser(row) : undefined };
  });
}

type RotationRow = { used_session_id: string; next_hash: Buffer } & (UserModel | { id: null });

const isStanding = (row: RotationRow): row is RotationRow & UserModel => row.id !== null;

// Rows are sorted before they are locked, and are locked before they are used up: two of these never wait for each other.
const held = `select token_hash from refresh_tokens where token_hash = any(array(select unnest(?::bytea[]))) and used_at is null
  order by token_hash for no key update`;

type Hashes = [usedHashes: readonly Buffer[], nextHashes: readonly Buffer[]];

const rotateTokens = prepare<RotationRow, [...Hashes, deadline: OfConnection]>(
  'rotate_refresh_tokens',
  (db, usedHashes, nextHashes, deadline) =>
    RefreshTokenModel.query(db)
      .with(
        'given',
        raw('select * from unnest((select ?::bytea[]), (select ?::bytea[])) as given (token_hash, next_hash)', [
          usedHashes,
          nextHashes,
        ]),
      )
      .with('held', raw(held, [usedHashes]))
      .with(
        'used',
        raw(`update refresh_tokens set used_at = now() from held join given using (token_hash)
          where refresh_tokens.token_hash = held.token_hash and used_at is null
          returning session_id as used_session_id, next_hash`),
      )
      .with('standing', standing(db).whereRaw('sessions.id in (select used_session_id from used)'))
      .with(
        'next',
        raw(`insert into refresh_tokens (token_hash, session_id)
          select next_hash, session_id from used join standing on session_id = used_session_id`),
      )
      .select('used.*', 'standing.*')
      .from('used')
      .leftJoin('standing', 'standing.session_id', 'used.used_session_id')
      // Too late is an error, which undoes all of it; SQL itself has no other.
      .whereRaw('1 / (case when clock_timestamp() < to_timestamp(?) then 1 else 0 end) = 1', [deadline]),
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

/** Deletes so many of the sessions that expired, and their refresh tokens with them; says how many. */
export async function deleteExpiredSessions(db: Db, atMost: number): Promise<number> {
  const expired = SessionModel.query(db).select('id').where('expires_at', '<', raw('now()'));
  return SessionModel.query(db)
    .delete()
    .whereRaw('id = any(array(?))', [expired.limit(atMost).forUpdate().skipLocked()]);
}

/** The sessions that stand, and their users. */
function standing(db: Db) {
  return SessionModel.query(db)
    .joinRelated('user')
    .select('sessions.id as session_id', ...userColumns.map((column) => `user.${column}`))
    .where({ 'user.is_active': true, 'user.deleted_at': null, 'sessions.ended_at': null })
    .where('sessions.expires_at', '>', raw('now()'));
}

function end(db: Db) {
  return SessionModel.query(db)
    .patch({ ended_at: raw('now()') })
    .whereNull('ended_at');
}
