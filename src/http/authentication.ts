import type { Request, RequestHandler, Response } from 'express';
import { Passport } from 'passport';
import {
  bearerToken,
  createAccessTokenStrategy,
  type AccessTokenClaims,
  type AccessTokenOptions,
} from '../crypto/access-tokens.ts';
import { ServiceError } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import { holdsRole } from '../identity/user.ts';
import type { Operation } from './operation.ts';

/** Makes the check that the contract's `security` asks for: who sends the request, and whether the role is enough. */
export function createAuthentication(
  options: AccessTokenOptions,
  findPrincipal: (claims: AccessTokenClaims) => Promise<Principal | undefined>,
): (operation: Operation) => RequestHandler[] {
  const passport = new Passport();
  passport.use(
    createAccessTokenStrategy(options, (claims, done) => {
      findPrincipal(claims).then(
        (principal) => done(null, principal ?? false),
        (error: unknown) => done(error, false),
      );
    }),
  );

  const identify = (request: Request, response: Response) =>
    new Promise<Principal>((resolve, reject) => {
      const settle = (error: Error | null, principal: Principal | false | null | undefined) => {
        if (error) reject(error);
        else if (principal) resolve(principal);
        else reject(new ServiceError(bearerToken(request) ? 'invalid_token' : 'authentication_required'));
      };
      const middleware = passport.authenticate('jwt', { session: false }, settle) as RequestHandler;
      void middleware(request, response, reject);
    });

  return (operation) => {
    const { leastRole, self } = operation;
    if (leastRole === null) return [];
    return [
      async (request, response, next) => {
        const principal = await identify(request, response);
        request.principal = principal;
        const { user } = principal;
        const isSelf = self !== null && request.params[self]?.toString().toLowerCase() === user.id;
        if (!isSelf && !holdsRole(user.role, leastRole)) {
          throw new ServiceError('forbidden', { detail: `This operation needs the role ${leastRole} or higher.` });
        }
        next();
      },
    ];
  };
}
