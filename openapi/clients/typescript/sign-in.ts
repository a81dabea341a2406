import type { CallOptions } from './calls.ts';
import {
  createChallenges,
  type AskForSecondFactor,
  type Challenge,
  type ChallengeAnswer,
  type Keep,
} from './challenges.ts';
import type { components, Operations } from './contract.ts';
import { usePasskey, type PasskeyOptions, type Passkeys } from './passkeys.ts';
import { ProblemError } from './problems.ts';
import { randomKey } from './random.ts';
import { toTokens, type Session } from './session.ts';
import type { Device } from './tokens.ts';

type TokenPair = components['schemas']['TokenPair'];

/** Operations that are no methods, since the client itself keeps the tokens that they return. */
export const ofTheSession = [
  'answerChallenge',
  'continueBrowserSession',
  'endBrowserSession',
  'login',
  'loginWithCode',
  'loginWithPasskey',
  'logout',
  'refreshTokens',
  'reauthenticate',
] as const;

/** How people sign in and out. */
export interface SignIn {
  /** Starts a session and stores its tokens. Never waits: a 429 throws at once, with `retryAfterSeconds`. */
  signIn(email: string, password: string, options?: CallOptions): Promise<void>;
  /** The same with the code that `requestLoginCode` had mailed. */
  signInWithCode(email: string, code: string, options?: CallOptions): Promise<void>;
  /** The same with a passkey, which the person chooses. Throws a `PasskeyError` if none is chosen. */
  signInWithPasskey(options?: PasskeyOptions): Promise<void>;
  /**
   * Answers the `challenge` of a problem, where the client has no `askForSecondFactor`, and goes on with what led to it. After a problem
   * with the code `invalid_second_factor`, it can be answered again. Throws a `PasskeyError` if a passkey should answer and none is chosen.
   */
  answerChallenge(challenge: Pick<Challenge, 'token'>, answer: ChallengeAnswer, options?: CallOptions): Promise<void>;
  /** Ends the session. The tokens are removed even if the request fails, which throws. */
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Proves once more who is signed in, after a problem with `needsReauthentication`; then repeat the call. Never waits, as `signIn`.
   */
  reauthenticate(password: string, options?: CallOptions): Promise<void>;
  /** The same with a passkey, which proves two factors at once. Throws a `PasskeyError` if none is chosen. */
  reauthenticateWithPasskey(options?: CallOptions): Promise<void>;
}

/** What signing in depends on. */
export interface SignInParts {
  readonly operations: Pick<Operations, (typeof ofTheSession)[number] | 'beginPasskeyLogin'>;
  readonly session: Session;
  /** Whether a cookie may keep a session that the page has not seen. */
  readonly hasCookies: boolean;
  readonly device: Device;
  readonly passkeys: Passkeys;
  readonly askForSecondFactor: AskForSecondFactor | undefined;
}

/** Creates what signs people in and out. */
export function createSignIn(parts: SignInParts): SignIn {
  const { operations, session, hasCookies, device, passkeys, askForSecondFactor } = parts;
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

  const challenges = createChallenges({ operations, passkeys, ask: askForSecondFactor, start });

  async function begin(
    login: (known: { device_token?: string }) => Promise<TokenPair>,
    options?: CallOptions,
  ): Promise<void> {
    const device_token = await device.read();
    await challenges.prove(() => login(device_token ? { device_token } : {}), start, options);
  }

  return {
    signIn: (email, password, options) =>
      begin((known) => operations.login({ email, password, ...known }, options), options),
    signInWithCode: (email, code, options) =>
      begin((known) => operations.loginWithCode({ email, code, ...known }, options), options),
    async signInWithPasskey(options = {}) {
      const credential = await usePasskey(passkeys, () => operations.beginPasskeyLogin({}, options), options);
      await begin((known) => operations.loginWithPasskey({ credential, ...known }, options), options);
    },
    answerChallenge: (challenge, answer, options) => challenges.answer(challenge, answer, options),
    async signOut(options) {
      try {
        if (hasCookies || (await session.read())) await operations.logout(options);
      } catch (error) {
        const isOver = error instanceof ProblemError && error.status === 401;
        if (!isOver) throw error;
      } finally {
        await session.keep(undefined);
      }
    },
    async reauthenticate(password, options) {
      await challenges.prove(() => operations.reauthenticate({ password }, options), await goOn(), options);
    },
    async reauthenticateWithPasskey(options = {}) {
      const keep = await goOn();
      const passkey = await usePasskey(passkeys, () => operations.beginPasskeyLogin({}, options), options);
      await challenges.prove(() => operations.reauthenticate({ passkey }, options), keep, options);
    },
  };
}
