import type { CallOptions } from './calls.ts';
import type { components, Operations } from './contract.ts';
import { ProblemError } from './problems.ts';
import { randomKey } from './random.ts';
import { toTokens, type Session } from './session.ts';
import type { Device } from './tokens.ts';

type TokenPair = components['schemas']['TokenPair'];

/** Operations that are no methods, since the client itself keeps the tokens that they return. */
export const ofTheSession = ['login', 'loginWithCode', 'logout', 'refreshTokens', 'reauthenticate'] as const;

/** How people sign in and out. */
export interface SignIn {
  /** Starts a session and stores its tokens. Never waits: a 429 throws at once, with `retryAfterSeconds`. */
  signIn(email: string, password: string, options?: CallOptions): Promise<void>;
  /** The same with the code that `requestLoginCode` had mailed. */
  signInWithCode(email: string, code: string, options?: CallOptions): Promise<void>;
  /** Ends the session. The tokens are removed even if the request fails, which throws. */
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Proves once more who is signed in, after a problem with `needsReauthentication`; then repeat the call. Never waits, as `signIn`.
   */
  reauthenticate(password: string, options?: CallOptions): Promise<void>;
}

/** What signing in depends on. */
export interface SignInParts {
  readonly operations: Pick<Operations, (typeof ofTheSession)[number]>;
  readonly session: Session;
  readonly device: Device;
}

/** Creates what signs people in and out. */
export function createSignIn({ operations, session, device }: SignInParts): SignIn {
  /** Stores the tokens of a response to a request sent at `sentAt`. */
  type Keep = (pair: TokenPair, sentAt: number) => Promise<void>;

  const start: Keep = async (pair, sentAt) => {
    if (pair.device_token) await device.keep(pair.device_token);
    await session.keep(toTokens(pair, sentAt, randomKey()));
  };

  async function goOn(): Promise<Keep> {
    const before = await session.read();
    return async (pair, sentAt) => {
      if (before) await session.renewAccess(toTokens(pair, sentAt, before.session));
    };
  }

  async function prove(send: () => Promise<TokenPair>, keep: Keep): Promise<void> {
    const sentAt = Date.now();
    await keep(await send(), sentAt);
  }

  async function begin(login: (known: { device_token?: string }) => Promise<TokenPair>): Promise<void> {
    const device_token = await device.read();
    await prove(() => login(device_token ? { device_token } : {}), start);
  }

  return {
    signIn: (email, password, options) => begin((known) => operations.login({ email, password, ...known }, options)),
    signInWithCode: (email, code, options) =>
      begin((known) => operations.loginWithCode({ email, code, ...known }, options)),
    async signOut(options) {
      try {
        if (await session.read()) await operations.logout(options);
      } catch (error) {
        const isOver = error instanceof ProblemError && error.status === 401;
        if (!isOver) throw error;
      } finally {
        await session.keep(undefined);
      }
    },
    async reauthenticate(password, options) {
      await prove(() => operations.reauthenticate({ password }, options), await goOn());
    },
  };
}
