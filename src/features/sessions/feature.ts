import {
  createAccessTokenIssuer,
  createAccessTokenScheme,
  type AccessTokenOptions,
} from '../../access/access-tokens.ts';
import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import * as repository from './sessions.repository.ts';
import { createSessionsService, refreshOutcomes } from './sessions.service.ts';
import { toWireTokens } from './sessions.wire.ts';

/** Sessions, and the tokens that continue them. */
export function createSessions({ config, database, keys, log, metrics }: Platform) {
  const { accessTtlSeconds, refreshTtlSeconds, issuer, audience } = config.tokens;
  const accessTokens = { keys: keys.accessTokens, issuer, audience, ttlSeconds: accessTtlSeconds };
  const service = createSessionsService({
    database,
    sessions: repository,
    issueAccessToken: createAccessTokenIssuer(accessTokens),
    accessTtlSeconds,
    refreshTtlSeconds,
    log,
    record: metrics.labelledCounter({
      name: 'latchkey_refreshes_total',
      help: 'Exchanges of refresh tokens by outcome',
      label: 'outcome',
      values: refreshOutcomes,
    }),
  });
  const handlers: Pick<Handlers, 'refreshTokens' | 'logout'> = {
    async refreshTokens({ body }) {
      return { status: 200, headers: {}, body: toWireTokens(await service.refresh(body.refresh_token)) };
    },

    async logout({ principal }) {
      await service.end(principal.sessionId);
      return { status: 204, headers: {}, body: undefined };
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
