/**
 * Refresh tokens of Latchkey 0.1: random secrets whose hashes are rows. Each is exchanged for a current one, as if it were of
 * generation 0. This file and the table `refresh_tokens` may go in the release after 0.2.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { RefreshLimits } from './refresh.repository.ts';
import type { Refreshed } from './refresh.service.ts';
import { isActive } from './sessions.model.ts';
import type { SessionMethod } from './session.ts';

/** Whether a text could be such a token. */
export function isPreviousToken(text: string): boolean {
  return /^lkr_[A-Za-z0-9_-]{43}$/.test(text);
}

/** Exchanges the token, in a transaction; within the grace period, a repeat gets the same successor. */
export async function exchangePreviousToken(db: Db, token: string, limits: RefreshLimits): Promise<Refreshed> {
  const hash = createHash('sha256').update(token).digest();
  const [row] = await lockToken(db, hash, limits.idleSeconds, limits.graceSeconds);
  if (!row) return { outcome: 'invalid' };
  const session = { id: row.session_id, userId: row.user_id };
  if (!row.is_active) return { outcome: 'expired' };
  if (!row.is_unused && !row.is_repeated) return { outcome: 'reused', session: { ...session, email: row.email } };
  const secret = row.secret ?? randomBytes(32);
  if (row.is_unused) {
    // The other release must not accept it either, while both are serving.
    await useToken(db, hash);
    await giveSecret(db, session.id, secret);
  }
  const { authenticated_at: authenticatedAt, expires_at: expiresAt, methods } = row;
  return { outcome: 'rotated', session: { ...session, expiresAt, authenticatedAt, methods, generation: 1, secret } };
}

interface TokenRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly expires_at: Date;
  readonly authenticated_at: Date;
  readonly methods: SessionMethod[];
  readonly secret: Buffer | null;
  readonly is_active: boolean;
  readonly is_unused: boolean;
  readonly is_repeated: boolean;
}

const lockToken = prepare<TokenRow>(
  `select session_id, user_id, email, secret, methods, expires_at,
    coalesce(authenticated_at, sessions.created_at) as authenticated_at,
    ${isActive} and greatest(last_used_at, token.created_at) > now() - $2 * interval '1 second' as is_active,
    used_at is null and secret is null as is_unused,
    generation = 1 and last_used_at > now() - $3 * interval '1 second'
      and coalesce(used_at, last_used_at) = last_used_at as is_repeated
  from refresh_tokens as token join sessions on sessions.id = session_id join users on users.id = user_id
  where token_hash = $1
  for update of token, sessions`,
);

const useToken = prepare('update refresh_tokens set used_at = now() where token_hash = $1');
const giveSecret = prepare('update sessions set secret = $2, generation = 1, last_used_at = now() where id = $1');
