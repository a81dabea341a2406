import type { CallOptions } from './calls.ts';
import type { components, Operations } from './contract.ts';
import { PasskeyError, usePasskey, type Passkeys } from './passkeys.ts';
import { ProblemError } from './problems.ts';
import { until } from './waiting.ts';

type TokenPair = components['schemas']['TokenPair'];

/** What is asked of someone who has proved the first factor: `factors` are how it can be answered, the quickest way first. */
export type Challenge = components['schemas']['LoginChallenge'];

/** What answers a challenge: the code that the app shows, a recovery code, or a passkey, which the person then chooses. */
export type ChallengeAnswer =
  { readonly factor: 'totp' | 'recovery_code'; readonly code: string } | { readonly factor: 'passkey' };

/** Asks a person for the second factor, again with the error after a wrong code, or when no passkey was used. */
export type AskForSecondFactor = (
  challenge: Challenge,
  previousError?: ProblemError | PasskeyError,
) => ChallengeAnswer | Promise<ChallengeAnswer>;

/** Stores the tokens of a response to a request sent at `sentAt`. */
export type Keep = (pair: TokenPair, sentAt: number) => Promise<void>;

/** What challenges depend on. */
export interface ChallengesParts {
  readonly operations: Pick<Operations, 'answerChallenge' | 'beginPasskeyLogin'>;
  readonly passkeys: Passkeys;
  readonly ask: AskForSecondFactor | undefined;
  /** Starts a session. */
  readonly start: Keep;
}

/** Sends proofs of who somebody is, and answers the challenges that they lead to. */
export function createChallenges({ operations, passkeys, ask, start }: ChallengesParts) {
  /** By the challenge's token: tokens that continue a session must not replace those of another person. */
  const keeps = new Map<string, Keep>();

  async function answer(
    { token }: Pick<Challenge, 'token'>,
    given: ChallengeAnswer,
    options?: CallOptions,
  ): Promise<void> {
    const proof = given.factor === 'passkey' ? { ...given, credential: await choosePasskey(token, options) } : given;
    const sentAt = Date.now();
    const pair = await operations.answerChallenge({ challenge_token: token, ...proof }, options);
    const keep = keeps.get(token) ?? start;
    keeps.delete(token);
    await keep(pair, sentAt);
  }

  const choosePasskey = (challenge_token: string, options: CallOptions = {}) =>
    usePasskey(passkeys, () => operations.beginPasskeyLogin({ challenge_token }, options), options);

  async function askUntilRight(challenge: Challenge, asking: AskForSecondFactor, options?: CallOptions): Promise<void> {
    let previousError: ProblemError | PasskeyError | undefined;
    for (;;) {
      const given = await until(Promise.resolve(asking(challenge, previousError)), options?.signal);
      try {
        return await answer(challenge, given, options);
      } catch (error) {
        if (!isWrongAnswer(error)) throw error;
        previousError = error;
      }
    }
  }

  return {
    answer,
    /** Sends a first factor, and asks for the second one if the service does. */
    async prove(send: () => Promise<TokenPair>, keep: Keep, options?: CallOptions): Promise<void> {
      const sentAt = Date.now();
      let pair: TokenPair;
      try {
        pair = await send();
      } catch (error) {
        const challenge = error instanceof ProblemError ? error.challenge : undefined;
        if (challenge) keeps.set(challenge.token, keep);
        if (!challenge || !ask) throw error;
        return askUntilRight(challenge, ask, options);
      }
      await keep(pair, sentAt);
    },
  };
}

function isWrongAnswer(error: unknown): error is ProblemError | PasskeyError {
  if (error instanceof PasskeyError) return true;
  if (!(error instanceof ProblemError)) return false;
  return error.code === 'invalid_second_factor' || error.errors.some(({ pointer }) => pointer === '/body/code');
}
