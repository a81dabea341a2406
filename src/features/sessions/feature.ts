import {
  createAccessTokenIssuer,
  createAccessTokenScheme,
  type AccessTokenOptions,
} from '../../access/access-tokens.ts';
import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import * as refreshRepository from './refresh.repository.ts';
import { createRefreshService, refreshOutcomes } from './refresh.service.ts';
import * as repository from './sessions.repository.ts';
import { createSessionsService } from './sessions.service.ts';
import { toWireTokens } from './sessions.wire.ts';
import { createTokenIssuer } from './token-pair.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
}

/** Sessions, and the tokens that continue them. */
export function createSessions({ config, database, keys, log, metrics }: Platform, { audit }: Needs) {
  const { accessTtlSeconds, issuer, audience } = config.tokens;
  const accessTokens = { keys: keys.accessTokens, issuer, audience, ttlSeconds: accessTtlSeconds };
  const refreshTokens = createRefreshTokens(keys);
  const issueTokens = createTokenIssuer(refreshTokens, createAccessTokenIssuer(accessTokens), accessTtlSeconds);
  const service = createSessionsService({
    database,
    audit: audit.service,
    sessions: repository,
    issueTokens,
    ttlSeconds: config.sessions.ttlSeconds,
    perUser: config.sessions.perUser,
  });
  const refreshing = createRefreshService({
    database,
    repository: refreshRepository,
    sessions: repository,
    refreshTokens,
    issueTokens,
    limits: config.sessions,
    log,
    record: metrics.labelledCounter({
      name: 'latchkey_refreshes_total',
      help: 'Exchanges of refresh tokens by outcome',
      label: 'outcome',
      values: refreshOutcomes,
    }),
  });
  const handlers: Pick<Handlers, 'refreshTokens' | 'logout'> = {
    async refreshTokens({ body, client }) {
      return { status: 200, headers: {}, body: toWireTokens(await refreshing.refresh(body.refresh_token, client)) };
    },

    async logout({ principal: { id: userId, sessionId }, client }) {
      return async (db) => {
        await service.end(db, { userId, sessionId }, { actorId: userId, client });
        return { status: 204, headers: {}, body: undefined };
      };
    },
  };
  return {
    service,
    accessTokens,
    handlers,
    schemes: { bearerAuth: createAccessTokenScheme(accessTokens, (claims) => service.authenticate(claims)) },
    expiry: [{ name: 'sessions', deleteSome: repository.deleteExpiredSessions }],
    indexes: {
      sessions_pkey: `select * from sessions where id = '${nobody}'`,
      sessions_user_id_idx: `select * from sessions where user_id = '${nobody}' and ended_at is null`,
      sessions_expires_at_idx: undefined,
      refresh_tokens_pkey: `select * from refresh_tokens where token_hash = '\\x00'`,
      refresh_tokens_session_id_idx: `delete from refresh_tokens where session_id = '${nobody}'`,
    },
  } satisfies ServedFeature & { accessTokens: AccessTokenOptions };
}

const nobody = '00000000-0000-0000-0000-000000000000';
