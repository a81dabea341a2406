import { raw } from 'objection';
import type { Db } from '../database/database.ts';
import { prepare } from '../database/prepared.ts';
import type { User } from '../identity/user.ts';
import { toUser, userColumns, UserModel } from '../users/users.model.ts';
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

/** The user of each of the sessions that stands: not ended, not expired, its user active and not deleted. */
export async function findSessionUsers(db: Db, sessionIds: readonly string[]): Promise<Map<string, User>> {
  const rows = await selectSessionUsers(db, sessionIds);
  return new Map(rows.map((row) => [row.session_id, toUser(row)]));
}

type SessionUserRow = UserModel & { session_id: string };

// The inner select hides how many there are: PostgreSQL would plan anew each time for what it takes for few.
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

/** What came of an exchange: whose session it is, and the user, unless the session stands no more. */
export interface Exchange {
  readonly sessionId: string;
  readonly user: User | undefined;
}

/**
 * Uses up a refresh token and puts another in its place, if its session stands; nothing comes of one that is unknown or used up.
 * Of concurrent calls with one token, one gets the session. It is one statement, and so commits by itself.
 */
export async function exchangeRefreshToken(db: Db, usedHash: Buffer, nextHash: Buffer): Promise<Exchange | undefined> {
  const [row] = await exchangeToken(db, usedHash, nextHash);
  if (!row) return undefined;
  return { sessionId: row.used_session_id, user: isStanding(row) ? toUser(row) : undefined };
}

type ExchangeRow = { used_session_id: string } & (UserModel | { id: null });

const isStanding = (row: ExchangeRow): row is ExchangeRow & UserModel => row.id !== null;

const exchangeToken = prepare<ExchangeRow, [usedHash: Buffer, nextHash: Buffer]>(
  'exchange_refresh_token',
  (db, token_hash, nextHash) =>
    RefreshTokenModel.query(db)
      .with(
        'used',
        RefreshTokenModel.query(db)
          .patch({ used_at: raw('now()') })
          .where({ token_hash, used_at: null })
          .returning('session_id'),
      )
      .with('standing', standing(db).whereRaw('sessions.id in (select session_id from used)'))
      .with(
        'next',
        raw('insert into refresh_tokens (token_hash, session_id) select ?::bytea, session_id from standing', [
          nextHash,
        ]),
      )
      .select('used.session_id as used_session_id', 'standing.*')
      .from('used')
      .leftJoin('standing', 'standing.session_id', 'used.session_id'),
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

/** Deletes the sessions that expired, and their refresh tokens with them. */
export async function deleteExpiredSessions(db: Db): Promise<number> {
  return SessionModel.query(db).delete().where('expires_at', '<', raw('now()'));
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
