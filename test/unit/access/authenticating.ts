/** A check of access tokens, and whoever it lets through. */
import type { Request, RequestHandler, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { operations } from '../../../generated/operations.ts';
import { createAccessTokenIssuer, type AccessTokenClaims } from '../../../src/access/access-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { createAuthentication } from '../../../src/access/authentication.ts';
import type { OperationId } from '../../../src/http/operation.ts';
import type { User } from '../../../src/access/user.ts';
import { aUser } from '../stubs.ts';

export const secret = 'the newest secret of this test 012345';
export const olderSecret = 'an older secret of this test 01234567';
export const options = {
  keys: deriveKeys([secret, olderSecret]).accessTokens,
  issuer: 'latchkey',
  audience: 'clients',
  ttlSeconds: 900,
};
export const claims: AccessTokenClaims = { userId: randomUUID(), sessionId: randomUUID() };
export const issue = createAccessTokenIssuer(options);
const response: Response = Object.create(null);

/** Ends as the check does: goes on, or throws. */
export function pass(check: RequestHandler, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    void check(request, response, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}

/** A server at which `user` has the session of the claims. */
export function given(user: User = aUser({ id: claims.userId })) {
  const looked: AccessTokenClaims[] = [];
  const authentication = createAuthentication(options, async (asked) => {
    looked.push(asked);
    return { user, sessionId: asked.sessionId };
  });
  return {
    user,
    looked,
    /** Asks for an operation; gives the request as the next middleware sees it. */
    ask: async (
      authorization: string | undefined,
      id: OperationId = 'getCurrentUser',
      params = {},
    ): Promise<Request> => {
      const request = { headers: { authorization }, params } as unknown as Request;
      for (const check of authentication(operations[id])) {
        await pass(check, request);
      }
      return request;
    },
  };
}
