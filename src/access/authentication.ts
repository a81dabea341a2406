import type { Request, RequestHandler } from 'express';
import { Passport } from 'passport';
import {
  bearerToken,
  createAccessTokenStrategy,
  type AccessTokenClaims,
  type AccessTokenOptions,
} from './access-tokens.ts';
import { ServiceError } from '../platform/errors.ts';
import { canonicalUuid } from '../platform/formats/uuid.ts';
import type { Principal } from './principal.ts';
import { holdsRole } from './user.ts';
import type { operations } from '../../generated/operations.ts';

type Operation = (typeof operations)[keyof typeof operations];

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

  // Built once: it sets `request.principal`, or goes on with an error that says no more than that.
  const identify = passport.authenticate('jwt', {
    session: false,
    assignProperty: 'principal',
    authInfo: false,
    failWithError: true,
  }) as RequestHandler;

  const requirePrincipal: RequestHandler = (request, response, next) => {
    identify(request, response, (error?: unknown) => next(error === undefined ? undefined : translate(error, request)));
  };

  return ({ leastRole, self }) => {
    if (leastRole === null) return [];
    const requireRole: RequestHandler = ({ principal, params }, _response, next) => {
      const user = principal?.user;
      const isSelf = self !== null && canonicalUuid(String(params[self])) === user?.id;
      if (user && (isSelf || holdsRole(user.role, leastRole))) next();
      else throw new ServiceError('forbidden', { detail: `This operation needs the role ${leastRole} or higher.` });
    };
    return [requirePrincipal, requireRole];
  };
}

// Passport's own error has a name and a status, and nothing that a client may not know already.
function translate(error: unknown, request: Request): unknown {
  if (!(error instanceof Error) || error.name !== 'AuthenticationError') return error;
  return new ServiceError(bearerToken(request) ? 'invalid_token' : 'authentication_required');
}
