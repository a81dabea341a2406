import {
  createAccessTokenIssuer,
  createAccessTokenScheme,
  type AccessTokenOptions,
} from '../../access/access-tokens.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { nobody } from '../users/joined-user.ts';
import { continueBrowserSession } from './operations/continueBrowserSession.ts';
import { endBrowserSession } from './operations/endBrowserSession.ts';
import { endOtherSessions } from './operations/endOtherSessions.ts';
import { endSession } from './operations/endSession.ts';
import { endUserSessions } from './operations/endUserSessions.ts';
import { listSessions } from './operations/listSessions.ts';
import { listUserSessions } from './operations/listUserSessions.ts';
import { logout } from './operations/logout.ts';
import { refreshTokens } from './operations/refreshTokens.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import * as refreshRepository from './refresh.repository.ts';
import { createRefreshService, refreshOutcomes } from './refresh.service.ts';
import { createSessionCookies, type SessionCookies } from './session-cookies.ts';
import * as repository from './sessions.repository.ts';
import { createSessionsService } from './sessions.service.ts';
import { createTokenIssuer } from './token-pair.ts';
import { personalData } from './personal-data.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly notices: { readonly service: NoticesService };
}

/** Sessions, and the tokens that continue them. */
export function createSessions({ config, database, keys, log, metrics }: Platform, { audit, notices }: Needs) {
  const { accessTtlSeconds, issuer, audience } = config.tokens;
  const accessTokens = { keys: keys.accessTokens, issuer, audience, ttlSeconds: accessTtlSeconds };
  const tokens = createRefreshTokens(keys);
  const issueTokens = createTokenIssuer(tokens, createAccessTokenIssuer(accessTokens), accessTtlSeconds);
  const service = createSessionsService({
    database,
    audit: audit.service,
    sessions: repository,
    issueTokens,
    limits: config.sessions,
  });
  const refreshing = createRefreshService({
    database,
    audit: audit.service,
    notices: notices.service,
    repository: refreshRepository,
    sessions: repository,
    refreshTokens: tokens,
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
  const cookies = createSessionCookies({ publicUrl: config.publicUrl, idleSeconds: config.sessions.idleSeconds });
  return {
    service,
    cookies,
    accessTokens,
    handlers: {
      refreshTokens: refreshTokens(refreshing),
      continueBrowserSession: continueBrowserSession(refreshing, cookies),
      endBrowserSession: endBrowserSession(service, refreshing, cookies),
      logout: logout(service),
      listSessions: listSessions(service),
      endSession: endSession(service),
      endOtherSessions: endOtherSessions(service),
      listUserSessions: listUserSessions(service),
      endUserSessions: endUserSessions(service),
    },
    schemes: { bearerAuth: createAccessTokenScheme(accessTokens, (claims) => service.authenticate(claims)) },
    expiry: [{ name: 'sessions', deleteSome: repository.deleteExpiredSessions }],
    personalData,
    indexes: {
      sessions_pkey: `select * from sessions where id = '${nobody}'`,
      sessions_user_id_idx: `select * from sessions where user_id = '${nobody}' and ended_at is null`,
      sessions_expires_at_idx: undefined,
      refresh_tokens_pkey: `select * from refresh_tokens where token_hash = '\\x00'`,
      refresh_tokens_session_id_idx: `delete from refresh_tokens where session_id = '${nobody}'`,
    },
  } satisfies ServedFeature & { accessTokens: AccessTokenOptions; cookies: SessionCookies };
}
