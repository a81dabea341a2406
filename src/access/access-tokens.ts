import jwt from 'jsonwebtoken';
import { Passport } from 'passport';
import { Strategy } from 'passport-jwt';
import type { Request, RequestHandler, Response } from 'express';
import { validate as isUuid } from 'uuid';
import { signingKeyAt, type SigningKey } from '../platform/signing-keys.ts';
import type { AuthenticationClass, UserPrincipal } from './principal.ts';
import { bearerChallenge, type Scheme } from './scheme.ts';

/** The claims of an access token: user, session, and when and how the user last authenticated. */
export interface AccessTokenClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly authenticatedAt: Date;
  /** Method references (RFC 8176). */
  readonly amr: readonly string[];
  readonly acr: AuthenticationClass;
}

export interface AccessTokenOptions {
  /** All verify; the one whose time came last signs. */
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
}

/** An access token whose signature was verified. */
interface VerifiedAccessToken {
  readonly claims: AccessTokenClaims;
  /** In seconds since 1970. */
  readonly expiresAt: number;
}

/** Signs access tokens: JWTs of the type of RFC 9068, without its `client_id` and `jti`, as there are no OAuth clients. */
export function createAccessTokenIssuer(options: AccessTokenOptions): (claims: AccessTokenClaims) => string {
  return ({ userId, sessionId, authenticatedAt, amr, acr }) => {
    const signing = signingKeyAt(options.keys, Date.now());
    const authTime = Math.floor(authenticatedAt.getTime() / 1000);
    return jwt.sign({ sid: sessionId, auth_time: authTime, amr, acr }, signing.key, {
      algorithm: signing.algorithm,
      header: header(signing),
      subject: userId,
      issuer: options.issuer,
      audience: options.audience,
      expiresIn: options.ttlSeconds,
    });
  };
}

/** Authenticates by access token. `findPrincipal` checks on every request that user and session are still active. */
export function createAccessTokenScheme(
  options: AccessTokenOptions,
  findPrincipal: (claims: AccessTokenClaims) => Promise<UserPrincipal | undefined>,
): Scheme<UserPrincipal> {
  const verify = createVerifier(options);
  // A valid signature stays valid, so verified tokens are cached; only the expiry is checked again.
  const verified = new Map<string, VerifiedAccessToken>();
  return {
    challenge: bearerChallenge,
    async authenticate(request) {
      const text = bearerToken(request);
      if (text === null) return 'missing';
      let token = verified.get(text);
      if (!token || token.expiresAt <= Date.now() / 1000) {
        token = await verify(request);
        if (!token) return 'invalid';
        if (verified.size >= maxVerified) verified.clear();
        verified.set(text, token);
      }
      return (await findPrincipal(token.claims)) ?? 'invalid';
    },
  };
}

// About two megabytes.
const maxVerified = 5000;

/**
 * Verifies a request's access token with passport: signature by a known key with its one algorithm, issuer, audience, lifetime (ASVS
 * 9.1.1 to 9.2.3).
 */
function createVerifier(options: AccessTokenOptions): (request: Request) => Promise<VerifiedAccessToken | undefined> {
  // Each key has one header, with its algorithm and the type (RFC 9068, section 4), so no token can choose how it is verified.
  const keys = new Map(options.keys.map((key) => [encodedHeader(key), key.verifyingKey]));
  const passport = new Passport();
  passport.use(
    new Strategy(
      {
        jwtFromRequest: bearerToken,
        secretOrKeyProvider: (_request: unknown, token: string, done) => {
          // The types allow only strings and buffers, but jsonwebtoken is sixty times faster with a KeyObject.
          const key = keys.get(token.slice(0, token.indexOf('.'))) as unknown as Buffer | undefined;
          done(key && hasOneSpelling(token) ? null : new Error('unknown key'), key);
        },
        algorithms: [...new Set(options.keys.map(({ algorithm }) => algorithm))],
        issuer: options.issuer,
        audience: options.audience,
      },
      (payload: jwt.JwtPayload, done) => done(null, readToken(payload) ?? false),
    ),
  );
  return (request) =>
    new Promise((resolve, reject) => {
      const settle = (error: Error | null, token?: VerifiedAccessToken | false) => {
        if (error) reject(error);
        else resolve(token === false ? undefined : token);
      };
      const authenticate = passport.authenticate('jwt', { session: false }, settle) as RequestHandler;
      void authenticate(request, request.res as Response, reject);
    });
}

// The last letter of a signature has bits that decode to nothing (RFC 4648, section 3.5): changed, it would make a second valid token.
function hasOneSpelling(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** `Authorization: Bearer …` (RFC 6750, section 2.1). */
export function bearerToken(request: Pick<Request, 'headers'>): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function header({ algorithm, id }: SigningKey) {
  return { alg: algorithm, typ: 'at+jwt', kid: id } as const;
}

function encodedHeader(key: SigningKey): string {
  return Buffer.from(JSON.stringify(header(key))).toString('base64url');
}

// What a token must say (RFC 9068, section 2.2); the library checks `exp` only if there is one, and `iat` not at all.
function readToken({ sub, exp, iat, ...others }: jwt.JwtPayload): VerifiedAccessToken | undefined {
  const { sid, auth_time: authTime, amr, acr }: Record<string, unknown> = others;
  if (typeof exp !== 'number' || typeof iat !== 'number') return undefined;
  if (typeof sub !== 'string' || typeof sid !== 'string' || !isUuid(sid)) return undefined;
  const claims = {
    userId: sub,
    sessionId: sid,
    // Tokens of earlier releases say neither when nor how, so they count as authenticated long ago and by one factor.
    authenticatedAt: new Date(typeof authTime === 'number' ? authTime * 1000 : 0),
    amr: Array.isArray(amr) ? amr.map(String) : [],
    acr: acr === 'urn:latchkey:acr:2' ? acr : 'urn:latchkey:acr:1',
  } as const;
  return { claims, expiresAt: exp };
}
