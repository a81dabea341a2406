import type { Client } from '../../access/client.ts';
import { batch } from '../../platform/database/batch.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { isContention } from '../../platform/database/errors.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log/log.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { exchangePreviousToken, isPreviousToken } from './previous-refresh-tokens.ts';
import type { RefreshToken, RefreshTokens } from './refresh-tokens.ts';
import type * as refreshRepository from './refresh.repository.ts';
import type { NamedSession, RefreshLimits } from './refresh.repository.ts';
import type * as sessionsRepository from './sessions.repository.ts';
import type { ContinuedSession, IssueTokens, TokenPair } from './token-pair.ts';

/** The outcome of a refresh: `expired` if the session has ended, `failed` if the service failed, not the client. */
export type RefreshOutcome = (typeof refreshOutcomes)[number];

export const refreshOutcomes = ['rotated', 'reused', 'expired', 'invalid', 'failed'] as const;

/** A session that has to end, and the address of its user. */
interface StolenSession extends Pick<ContinuedSession, 'id' | 'userId'> {
  readonly email: string;
}

/** The outcome, with the session that continues or has to end. */
export type Refreshed =
  | { readonly outcome: 'rotated'; readonly session: ContinuedSession }
  | { readonly outcome: 'reused'; readonly session: StolenSession }
  | { readonly outcome: 'expired' | 'invalid' };

export interface RefreshServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly repository: typeof refreshRepository;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly sessions: Pick<typeof sessionsRepository, 'endSession'>;
  readonly refreshTokens: RefreshTokens;
  readonly issueTokens: IssueTokens;
  readonly limits: RefreshLimits;
  readonly log: Log;
  readonly record: (outcome: RefreshOutcome) => void;
}

export type RefreshService = ReturnType<typeof createRefreshService>;

/** Continues sessions by their refresh tokens. */
export function createRefreshService(parts: RefreshServiceParts) {
  const { database, audit, notices, repository, sessions, refreshTokens, issueTokens, limits, log, record } = parts;
  const continueSession = batch(
    (tokens: Parameters<typeof repository.refreshSessions>[1]) =>
      repository.refreshSessions(database.pool, tokens, limits),
    isContention,
  );

  async function exchange(text: string): Promise<Refreshed> {
    if (isPreviousToken(text)) return database.transaction((db) => exchangePreviousToken(db, text, limits));
    const token = refreshTokens.read(text);
    if (!token) return { outcome: 'invalid' };
    const continued = await continueSession(token);
    if (continued) return { outcome: 'rotated', session: continued };
    const session = await findGenuine(database.pool, token);
    if (!session) return { outcome: 'invalid' };
    return session.isActive ? { outcome: 'reused', session } : { outcome: 'expired' };
  }

  async function findGenuine(db: Db, token: RefreshToken): Promise<NamedSession | undefined> {
    const session = await repository.findNamedSession(db, token.sessionId, limits);
    return session?.secret && refreshTokens.isGenuine(token, session.secret) ? session : undefined;
  }

  return {
    /** The session of a refresh token, of whichever generation; `undefined` for a text that no session has. */
    async sessionOf(db: Db, refreshToken: string): Promise<Pick<NamedSession, 'id' | 'userId'> | undefined> {
      const token = refreshTokens.read(refreshToken);
      return token && findGenuine(db, token);
    },

    /**
     * Exchanges a refresh token (RFC 6749, section 6) and rotates it (RFC 9700, section 4.14.2). Throws `refresh_token_reused` for one
     * whose successor was used, or that is repeated after the grace period: somebody has stolen it, perhaps whoever sends it now, so the
     * session ends. Throws `invalid_refresh_token` for any other that can't be exchanged.
     */
    async refresh(refreshToken: string, client: Client): Promise<TokenPair> {
      const refreshed = await exchange(refreshToken).catch((error: unknown) => {
        record('failed');
        throw error;
      });
      record(refreshed.outcome);
      if (refreshed.outcome === 'rotated') return issueTokens(refreshed.session);
      if (refreshed.outcome !== 'reused') throw new ServiceError('invalid_refresh_token');
      await endStolen(refreshed.session, client);
      throw new ServiceError('refresh_token_reused');
    },
  };

  async function endStolen({ id: sessionId, userId, email }: StolenSession, client: Client): Promise<void> {
    const hasEnded = await database.transaction(async (db) => {
      if (!(await sessions.endSession(db, sessionId))) return false;
      const event = { type: 'session.refresh_token_reused', outcome: 'failure' } as const;
      await audit.record(db, { ...event, userId, sessionId, client });
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId, to: email, notice: 'session_reused', values });
      return true;
    });
    if (!hasEnded) return;
    const fields = { event: 'refresh_token_reused', session_id: sessionId, user_id: userId };
    log.warn({ ...fields, request_id: client.requestId }, 'a refresh token was used again, so its session has ended');
  }
}
