/** What a change of a user does to the tokens that the user holds. */
import { expect } from 'chai';
import type { SignedIn, TestApp } from './app.ts';
import { expectProblem } from './problems.ts';

type Tokens = Pick<SignedIn, 'accessToken' | 'refreshToken'>;

/** The tokens work on every server, which may therefore remember them. */
export async function expectTokensToWork(apps: readonly TestApp[], { accessToken }: Tokens): Promise<void> {
  for (const app of apps) expect((await app.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);
}

/** The tokens work on no server any more. */
export async function expectTokensToBeDead(apps: readonly TestApp[], tokens: Tokens): Promise<void> {
  for (const app of apps) {
    expectProblem(await app.send('get', '/auth/me', { token: tokens.accessToken }), 401, 'invalid_token');
    const answer = await app.send('post', '/auth/refresh', { json: { refresh_token: tokens.refreshToken } });
    expectProblem(answer, 401, 'invalid_refresh_token');
  }
}

/** Takes the role of admin from everybody else in the database. */
export async function makeOnlyAdmin(app: TestApp, id: string): Promise<void> {
  await app.context.database.pool('users').where({ role: 'admin' }).whereNot({ id }).update({ role: 'user' });
}

export async function countActiveAdmins(app: TestApp): Promise<number> {
  const rows = await app.context.database
    .pool('users')
    .where({ role: 'admin', is_active: true, deleted_at: null })
    .select('id');
  return rows.length;
}
