/** Logins of people who have a second factor. */
import { expect } from 'chai';
import type { SignedIn, TestApp } from './app.ts';
import type { Answer } from './client.ts';
import { addTotp, type Confirmed } from './factors.ts';
import type { Person } from './people.ts';
import { expectProblem } from './problems.ts';

/** Somebody with an authenticator app, none of whose codes was used yet as far as the server remembers. */
export interface Enrolled extends SignedIn {
  readonly app: Confirmed;
}

export async function enrolled(app: TestApp, person?: SignedIn): Promise<Enrolled> {
  const signedIn = person ?? (await app.signIn());
  const totp = await addTotp(app, signedIn);
  await app.context.database.pool('totp_seeds').where({ factor_id: totp.factorId }).update({ last_step: 0 });
  return { ...signedIn, app: totp };
}

/** The challenge in an answer that asks for the second factor. */
export function challengeIn(answer: Answer): {
  readonly token: string;
  readonly factors: string[];
  expires_at: string;
} {
  expectProblem(answer, 403, 'second_factor_required');
  expect(answer.body).to.have.all.keys('type', 'title', 'status', 'detail', 'instance', 'code', 'challenge');
  return answer.body.challenge as ReturnType<typeof challengeIn>;
}

/** Signs in with the password; returns the token of the challenge. */
export async function challengeOf(app: TestApp, { email, password }: Person): Promise<string> {
  return challengeIn(await app.send('post', '/auth/login', { json: { email, password } })).token;
}

export function answerBy(app: TestApp, token: string, factor: string, code: string): Promise<Answer> {
  return app.send('post', '/auth/challenge', { json: { challenge_token: token, factor, code } });
}
