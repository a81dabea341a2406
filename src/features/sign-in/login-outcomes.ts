import { ServiceError } from '../../platform/errors.ts';

/** How a login ended; `failed` means that the service failed, not the client. */
export type LoginOutcome = (typeof loginOutcomes)[number];

export const loginOutcomes = [
  'success',
  'invalid_credentials',
  'invalid_code',
  'invalid_passkey',
  'account_disabled',
  'email_not_verified',
  'second_factor_required',
  'invalid_challenge',
  'invalid_second_factor',
  'rate_limited',
  'password_reset_required',
  'failed',
] as const;

/** How an answer to a challenge ended. */
export type AnswerOutcome = (typeof answerOutcomes)[number];

export const answerOutcomes = [
  'success',
  'invalid_challenge',
  'invalid_second_factor',
  'rate_limited',
  'failed',
] as const;

/** Makes an attempt and records its outcome. */
export type CountLogin = <Result>(login: () => Promise<Result>) => Promise<Result>;
export type CountAnswer = CountLogin;

export const createLoginCounter = (record: (outcome: LoginOutcome) => void): CountLogin =>
  createCounter(loginOutcomes, record);

export const createAnswerCounter = (record: (outcome: AnswerOutcome) => void): CountAnswer =>
  createCounter(answerOutcomes, record);

function createCounter<Outcome extends string>(
  outcomes: readonly (Outcome | 'success' | 'failed')[],
  record: (outcome: Outcome | 'success' | 'failed') => void,
): CountLogin {
  return async (attempt) => {
    try {
      const result = await attempt();
      record('success');
      return result;
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : undefined;
      const outcome = outcomes.find((known) => known === code) ?? 'failed';
      // Refusals of any limit are recorded when the request ends.
      if (outcome !== 'rate_limited') record(outcome);
      throw error;
    }
  };
}
