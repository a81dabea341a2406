import { deadlineOf } from '../../platform/database/connection.ts';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { RefreshToken } from './refresh-tokens.ts';
import { isActive } from './sessions.model.ts';
import type { SessionMethod } from './session.ts';
import type { ContinuedSession } from './token-pair.ts';

/** How long a session lasts without a refresh, and for how long a used token may be repeated. */
export interface RefreshLimits {
  readonly idleSeconds: number;
  readonly graceSeconds: number;
}

/**
 * Continues the sessions of refresh tokens; returns `undefined` for a token that belongs to no active session, or whose successor was used.
 * A token continues its session to the next generation once; within the grace period, a repeat gets the same result. It is a single
 * statement, so it commits by itself, and it changes nothing if it runs after its client was told that it failed.
 */
export async function refreshSessions(
  db: Db,
  tokens: readonly RefreshToken[],
  { idleSeconds, graceSeconds }: RefreshLimits,
): Promise<(ContinuedSession | undefined)[]> {
  const given = tokens.flatMap(({ proofs, ...token }, position) =>
    proofs.map((proof) => ({ ...token, proof, position })),
  );
  const rows = await continueSessions(
    db,
    given.map(({ position }) => position),
    given.map(({ sessionId }) => sessionId),
    given.map(({ generation }) => generation),
    given.map(({ proof }) => proof),
    given.map(({ tag }) => tag),
    idleSeconds,
    graceSeconds,
    deadlineOf,
  );
  const found: (ContinuedSession | undefined)[] = tokens.map(() => undefined);
  for (const row of rows) {
    found[row.position] = {
      id: row.session_id,
      userId: row.user_id,
      expiresAt: row.expires_at,
      authenticatedAt: row.authenticated_at,
      methods: row.methods,
      generation: row.generation + 1,
      secret: row.secret,
    };
  }
  return found;
}

interface AcceptedRow {
  readonly position: number;
  /** Of the token. */
  readonly generation: number;
  readonly session_id: string;
  readonly user_id: string;
  readonly expires_at: Date;
  readonly authenticated_at: Date;
  readonly methods: SessionMethod[];
  readonly secret: Buffer;
}

// A token of a later generation than the row's is genuine too: the database was restored, or lost its last commits with its primary.
const continueSessions = prepare<AcceptedRow>(
  `with accepted as (
    -- Locks one by one in id order, whatever the plan, so two of these never deadlock.
    select position, generation, session.*
    from (
      select *
      from unnest((select $1::int[]), (select $2::uuid[]), (select $3::int[]), (select $4::bytea[]), (select $5::bytea[]))
        as given (position, id, generation, proof, tag)
      order by id
    ) as given
    cross join lateral (
      select sessions.id as session_id, user_id, secret, methods, expires_at,
        coalesce(authenticated_at, sessions.created_at) as authenticated_at
      from sessions join users on users.id = user_id
      where sessions.id = given.id and ${isActive} and last_used_at > now() - $6 * interval '1 second'
        and sha256(given.proof || secret) = given.tag
        and (sessions.generation <= given.generation
          or sessions.generation = given.generation + 1 and last_used_at > now() - $7 * interval '1 second')
      for no key update of sessions
    ) as session
  ), continued as (
    update sessions set generation = newest.generation + 1, last_used_at = now()
    from (select session_id, max(generation) as generation from accepted group by session_id) as newest
    where sessions.id = newest.session_id and sessions.generation <= newest.generation
  )
  select * from accepted
  -- After the deadline, fails, which undoes everything; plain SQL has no other way to raise an error.
  where 1 / (case when clock_timestamp() < to_timestamp($8) then 1 else 0 end) = 1`,
);

/** The session that a token names, whether or not the token is genuine. */
export interface NamedSession {
  readonly id: string;
  readonly userId: string;
  /** Of its user. */
  readonly email: string;
  /** Null in a session of Latchkey 0.1, whose tokens are others. */
  readonly secret: Buffer | null;
  readonly isActive: boolean;
}

export async function findNamedSession(
  db: Db,
  id: string,
  { idleSeconds }: RefreshLimits,
): Promise<NamedSession | undefined> {
  const [row] = await selectNamed(db, id, idleSeconds);
  return row && { id, userId: row.user_id, email: row.email, secret: row.secret, isActive: row.is_active };
}

const selectNamed = prepare<{ user_id: string; email: string; secret: Buffer | null; is_active: boolean }>(
  `select user_id, email, secret, ${isActive} and last_used_at > now() - $2 * interval '1 second' as is_active
  from sessions join users on users.id = user_id where sessions.id = $1`,
);
