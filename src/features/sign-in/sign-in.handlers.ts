import { basePath } from '../../../generated/operations.ts';
import type { components } from '../../../generated/openapi.ts';
import { ifMatch } from '../../http/entity-tags.ts';
import type { Handlers, Reply } from '../../http/operation.ts';
import type { IdempotencyService } from '../idempotency/idempotency.service.ts';
import type { SessionsService, TokenPair } from '../sessions/sessions.service.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import type { User } from '../../access/user.ts';
import type { UsersService } from '../users/users.service.ts';
import { toWireUser } from '../users/users.wire.ts';
import type { AuthService } from './sign-in.service.ts';

export function createAuthHandlers({
  auth,
  sessions,
  users,
  idempotency,
}: {
  auth: AuthService;
  sessions: SessionsService;
  users: UsersService;
  idempotency: IdempotencyService;
}): Pick<Handlers, 'registerUser' | 'login' | 'refreshTokens' | 'logout' | 'getCurrentUser' | 'updateCurrentUser'> {
  return {
    registerUser({ headers, body }) {
      const { password, full_name: fullName } = body;
      const email = normalizeEmailAddress(body.email);
      const registration = { email, password, fullName, role: 'user' } as const;
      return idempotency.once<Reply<'registerUser'>>(
        {
          scope: ['registerUser', email],
          key: headers['idempotency-key'],
          body: { email, fullName },
          admit: async () => {
            users.checkPassword(registration);
            await auth.admitRegistrant({ email, password });
          },
        },
        async (record) => created(await users.create(registration, (db, user) => record(db, created(user), user.id))),
      );
    },

    async login({ body, res }) {
      const tokens = await auth.login(body, () => res.destroyed);
      return { status: 200, headers: {}, body: toWireTokens(tokens) };
    },

    async refreshTokens({ body }) {
      return { status: 200, headers: {}, body: toWireTokens(await sessions.refresh(body.refresh_token)) };
    },

    async logout({ principal }) {
      await sessions.end(principal.sessionId);
      return { status: 204, headers: {}, body: undefined };
    },

    async getCurrentUser({ principal: { user } }) {
      return found(user);
    },

    async updateCurrentUser({ principal, headers, body }) {
      const changes = { fullName: body.full_name };
      const user = await users.update(principal.user.id, changes, ifMatch(headers['if-match']));
      return found(user);
    },
  };
}

function found(user: User) {
  const body = toWireUser(user);
  return { status: 200, headers: { ETag: body.etag }, body } as const;
}

function created(user: User): Reply<'registerUser'> {
  const body = toWireUser(user);
  return { status: 201, headers: { Location: `${basePath}/users/${user.id}`, ETag: body.etag }, body };
}

function toWireTokens(tokens: TokenPair): components['schemas']['TokenPair'] {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
  };
}
