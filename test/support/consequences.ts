/** What a change to a user does to their tokens. */
import { expect } from 'chai';
import type { SignedIn, TestApp } from './app.ts';
import { expectProblem } from './problems.ts';

type Tokens = Pick<SignedIn, 'accessToken' | 'refreshToken'>;

/** The tokens work on every server, so each may have cached them. */
export async function expectTokensToWork(apps: readonly TestApp[], { accessToken }: Tokens): Promise<void> {
  for (const app of apps) expect((await app.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);
}

/** The tokens no longer work on any server. */
export async function expectTokensToBeDead(apps: readonly TestApp[], tokens: Tokens): Promise<void> {
  for (const app of apps) {
    expectProblem(await app.send('get', '/auth/me', { token: tokens.accessToken }), 401, 'invalid_token');
    const answer = await app.send('post', '/auth/refresh', { json: { refresh_token: tokens.refreshToken } });
    expectProblem(answer, 401, 'invalid_refresh_token');
  }
}

/** Demotes every other admin in the database. */
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
