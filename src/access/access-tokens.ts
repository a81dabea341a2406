import jwt from 'jsonwebtoken';
import { Strategy, type VerifiedCallback } from 'passport-jwt';
import type { Request } from 'express';
import { validate as isUuid } from 'uuid';
import type { SigningKey } from '../platform/keys.ts';

/** What an access token says: whose it is, and of which session. */
export interface AccessTokenClaims {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokenOptions {
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
}

/** Signs access tokens: JWTs in the profile of RFC 9068, HS256. */
export function createAccessTokenIssuer(options: AccessTokenOptions): (claims: AccessTokenClaims) => string {
  const [{ id, key }] = options.keys;
  return ({ userId, sessionId }) =>
    jwt.sign({ sid: sessionId }, key, {
      algorithm: 'HS256',
      header: header(id),
      subject: userId,
      issuer: options.issuer,
      audience: options.audience,
      expiresIn: options.ttlSeconds,
    });
}

/** `Authorization: Bearer …` (RFC 6750, section 2.1). */
export function bearerToken(request: Pick<Request, 'headers'>): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/**
 * The passport strategy that verifies access tokens: signature by a key that the service knows, HS256 only, issuer, audience,
 * lifetime (ASVS 9.1.1 to 9.2.3). `accept` gets the claims of a token that passes.
 */
export function createAccessTokenStrategy(
  options: AccessTokenOptions,
  accept: (claims: AccessTokenClaims, done: VerifiedCallback) => void,
): Strategy {
  const verified = new Map<string, VerifiedAccessToken>();
  // By the token and not by the header, which may hold as many spaces as its sender likes.
  const remember = (request: Request, token: VerifiedAccessToken) => {
    if (verified.size === rememberedAtMost) verified.clear();
    verified.set(bearerToken(request) ?? '', token);
  };

  // A signature that was good stays good: only the time is looked at again here, and the session by `accept`.
  class RememberingStrategy extends Strategy {
    override authenticate(request: Request, given?: unknown): void {
      const token = verified.get(bearerToken(request) ?? '');
      if (!token || token.expiresAt <= Date.now() / 1000) {
        super.authenticate(request, given);
        return;
      }
      accept(token.claims, (error: Error | null, principal?: unknown) => {
        if (error) this.error(error);
        else if (principal) this.success(principal);
        else this.fail(401);
      });
    }
  }

  // A token of another kind is not an access token, whoever signed it (RFC 9068, section 4); ours begin in one way a key.
  const keys = new Map(options.keys.map(({ id, key }) => [encodedHeader(id), key]));
  return new RememberingStrategy(
    {
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_request: unknown, token: string, done) => {
        // The types know strings and buffers only; jsonwebtoken is sixty times faster with a KeyObject.
        const key = keys.get(token.slice(0, token.indexOf('.'))) as unknown as Buffer | undefined;
        done(key ? null : new Error('unknown key'), key);
      },
      algorithms: ['HS256'],
      issuer: options.issuer,
      audience: options.audience,
      passReqToCallback: true,
    },
    (request: Request, payload: jwt.JwtPayload, done: VerifiedCallback) => {
      const token = readToken(payload);
      if (!token) {
        done(null, false);
        return;
      }
      remember(request, token);
      accept(token.claims, done);
    },
  );
}

/** An access token whose signature was verified. */
interface VerifiedAccessToken {
  readonly claims: AccessTokenClaims;
  /** In seconds since 1970. */
  readonly expiresAt: number;
}

// Some two megabytes of them.
const rememberedAtMost = 5000;

function header(keyId: string) {
  return { alg: 'HS256', typ: 'at+jwt', kid: keyId } as const;
}

function encodedHeader(keyId: string): string {
  return Buffer.from(JSON.stringify(header(keyId))).toString('base64url');
}

// A token without an end is none either; the library checks `exp` only where there is one.
function readToken({ sub, exp, ...others }: jwt.JwtPayload): VerifiedAccessToken | undefined {
  const sid: unknown = others['sid'];
  if (typeof exp !== 'number' || typeof sub !== 'string' || typeof sid !== 'string' || !isUuid(sid)) return undefined;
  return { claims: { userId: sub, sessionId: sid }, expiresAt: exp };
}
