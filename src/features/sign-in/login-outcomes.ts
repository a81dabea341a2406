import { ServiceError } from '../../platform/errors.ts';

/** How a login ended; `failed` means that the service failed, not the client. */
export type LoginOutcome = (typeof loginOutcomes)[number];

export const loginOutcomes = [
  'success',
  'invalid_credentials',
  'invalid_code',
  'account_disabled',
  'email_not_verified',
  'rate_limited',
  'password_reset_required',
  'failed',
] as const;

export type CountLogin = <Result>(login: () => Promise<Result>) => Promise<Result>;

/** Returns what makes a login and records its outcome. */
export function createLoginCounter(record: (outcome: LoginOutcome) => void): CountLogin {
  return async (login) => {
    try {
      const result = await login();
      record('success');
      return result;
    } catch (error) {
      const outcome = outcomeOf(error);
      // Refusals of any limit are recorded when the request ends.
      if (outcome !== 'rate_limited') record(outcome);
      throw error;
    }
  };
}

function outcomeOf(error: unknown): LoginOutcome {
  const code = error instanceof ServiceError ? error.code : undefined;
  return loginOutcomes.find((outcome) => outcome === code) ?? 'failed';
}
