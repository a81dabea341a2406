/** Runs access checks and shows whom they admit. */
import type { Request, RequestHandler, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { operations } from '../../../generated/operations.ts';
import {
  createAccessTokenIssuer,
  createAccessTokenScheme,
  type AccessTokenClaims,
} from '../../../src/access/access-tokens.ts';
import { createAuthorization } from '../../../src/access/authorization.ts';
import type { UserPrincipal } from '../../../src/access/principal.ts';
import type { User } from '../../../src/access/user.ts';
import type { OperationId } from '../../../src/http/operation.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { aUser } from './a-user.ts';

export const secret = 'the newest secret of this test 012345';
export const olderSecret = 'an older secret of this test 01234567';
export const options = {
  keys: deriveKeys([secret, olderSecret]).accessTokens,
  issuer: 'latchkey',
  audience: 'clients',
  ttlSeconds: 900,
};
export const claims: AccessTokenClaims = {
  userId: randomUUID(),
  sessionId: randomUUID(),
  authenticatedAt: new Date('2026-01-02T03:04:05Z'),
  amr: ['pwd'],
  acr: 'urn:latchkey:acr:1',
};
export const issue = createAccessTokenIssuer(options);

/** A user with the session in the claims. */
export function aPrincipal(user: User = aUser({ id: claims.userId })): UserPrincipal {
  const { sessionId, authenticatedAt, acr } = claims;
  return { kind: 'user', id: user.id, user, sessionId, authenticatedAt, acr };
}

/** The parts of a request that the checks read. */
export function aRequest(authorization?: string): Request {
  return { headers: { authorization } } as unknown as Request;
}

/** Sends a request through the checks, which continue or throw; returns the headers that they set. */
export async function pass(checks: readonly RequestHandler[], request: Request, headers: Record<string, unknown> = {}) {
  const response = { setHeader: (name: string, value: unknown) => void (headers[name] = value) } as unknown as Response;
  for (const check of checks) {
    await new Promise<void>((resolve, reject) => {
      Promise.resolve(check(request, response, () => resolve())).catch(reject);
    });
  }
}

/** An operation's check of access tokens, with the given lookup of principals. */
export function checksOf(
  findPrincipal: (claims: AccessTokenClaims) => Promise<UserPrincipal | undefined>,
  id: OperationId = 'getCurrentUser',
): RequestHandler[] {
  return createAuthorization(
    { bearerAuth: createAccessTokenScheme(options, findPrincipal) },
    undefined,
  )(operations[id]);
}

/** A server where `user` has the session in the claims. */
export function given(user: User = aUser({ id: claims.userId })) {
  const looked: AccessTokenClaims[] = [];
  const principal = aPrincipal(user);
  const scheme = createAccessTokenScheme(options, async (asked) => {
    looked.push(asked);
    return principal;
  });
  const authorization = createAuthorization({ bearerAuth: scheme }, undefined);
  return {
    principal,
    looked,
    /** Calls an operation; returns the principal that it finds. */
    ask: async (header: string | undefined, id: OperationId = 'getCurrentUser') => {
      const request = aRequest(header);
      await pass(authorization(operations[id]), request);
      return request.principal;
    },
  };
}
