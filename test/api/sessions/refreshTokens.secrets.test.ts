/** What a refresh token is made of: the server's secret and the session's, neither of which is enough. */
import { expect } from 'chai';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { startApp, testEnvironment, useApp, type TestApp } from '../../support/app.ts';
import { expectProblem } from '../../support/problems.ts';

describe('refreshTokens, by secrets', () => {
  const app = useApp();
  const refresh = (refreshToken: string, on: TestApp = app) =>
    on.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
  const current = testEnvironment('')['JWT_SECRETS']!;
  const next = 'the secret that comes after it 0123456789';
  const stored = (userId: string) =>
    app.context.database.pool('sessions').where({ user_id: userId }).first<{ secret: Buffer }>();

  async function withSecrets<Result>(secrets: string[], work: (app: TestApp) => Promise<Result>): Promise<Result> {
    const other = await startApp(app.databaseUrl, { env: { JWT_SECRETS: secrets.join(',') } });
    try {
      return await work(other);
    } finally {
      await other.stop();
    }
  }

  it('outlive a restart', async () => {
    const ada = await app.signIn();
    const { refresh_token: successor } = (await refresh(ada.refreshToken)).body;

    await withSecrets([current], async (restarted) => {
      expect((await refresh(ada.refreshToken, restarted)).body.refresh_token).to.equal(successor);
      expect((await refresh(successor, restarted)).status).to.equal(200);
      expectProblem(await refresh(ada.refreshToken, restarted), 401, 'refresh_token_reused');
    });
  });

  it('stay ended after a restart', async () => {
    const ada = await app.signIn();
    await app.send('post', '/auth/logout', { token: ada.accessToken });

    await withSecrets([current], async (restarted) => {
      expectProblem(await refresh(ada.refreshToken, restarted), 401, 'invalid_refresh_token');
    });
  });

  it('outlive a rotation of secrets, one server after another', async () => {
    const ada = await app.signIn();

    await withSecrets([next, current], async (rotated) => {
      const second = (await refresh(ada.refreshToken, rotated)).body.refresh_token as string;
      expect((await refresh(ada.refreshToken, rotated)).body.refresh_token).to.equal(second);
      await withSecrets([current, next], async (notYet) => {
        const third = (await refresh(second, notYet)).body.refresh_token as string;
        const fourth = (await refresh(third, rotated)).body.refresh_token as string;
        await withSecrets([next], async (done) => {
          expect((await refresh(fourth, done)).status).to.equal(200);
          // Its secret is gone, so that nobody can tell it from a forgery: no session ends for it.
          expectProblem(await refresh(ada.refreshToken, done), 401, 'invalid_refresh_token');
        });
        expectProblem(await refresh(ada.refreshToken, rotated), 401, 'refresh_token_reused');
      });
    });
  });

  it('are refused under another secret', async () => {
    const ada = await app.signIn();

    await withSecrets([next], async (other) => {
      expectProblem(await refresh(ada.refreshToken, other), 401, 'invalid_refresh_token');
    });
    expect((await refresh(ada.refreshToken)).status).to.equal(200);
  });

  it("can't be computed from everything that is stored", async () => {
    const ada = await app.signIn();
    const row = await stored(ada.id);
    const named = Buffer.from(ada.refreshToken.slice(4), 'base64url').subarray(0, 22);
    const genuine = Buffer.from(ada.refreshToken.slice(4), 'base64url').subarray(22);
    const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const hmac = (key: Buffer | string, ...parts: Buffer[]) =>
      createHmac('sha256', key).update(Buffer.concat(parts)).digest();
    const { secret } = row;
    const made = [
      secret,
      hash(secret),
      hash(named, secret),
      hash(hash(named), secret),
      hash(hmac(secret, named), secret),
      hmac(secret, named),
      hash(hmac('', named), secret),
      hash(hmac(current, named), secret),
      randomBytes(32),
    ];

    for (const tag of made) {
      expectProblem(
        await refresh(`lkr_${Buffer.concat([named, tag]).toString('base64url')}`),
        401,
        'invalid_refresh_token',
      );
    }
    const whole = `lkr_${Buffer.concat([named, genuine]).toString('base64url')}`;
    expect((await refresh(whole)).status).to.equal(200);
  });

  it('are stored nowhere, nor is their tag', async () => {
    const ada = await app.signIn();
    const renewed = (await refresh(ada.refreshToken)).body as { refresh_token: string };
    const { pool } = app.context.database;
    const { rows: tables } = await pool.raw<{ rows: { name: string }[] }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );

    const kept = await Promise.all(
      tables.map(async ({ name }) => {
        const { rows } = await pool.raw<{ rows: { text: string }[] }>('select t::text as text from ?? t', [name]);
        return rows.map(({ text }) => text);
      }),
    );

    const all = kept.flat().join('\n');
    expect(all).to.include((await stored(ada.id)).secret.toString('hex'));
    for (const token of [ada.refreshToken, renewed.refresh_token]) {
      const bytes = Buffer.from(token.slice(4), 'base64url');
      for (const form of ['hex', 'base64', 'base64url'] as const) {
        expect(all).not.to.include(bytes.subarray(22).toString(form));
        expect(all).not.to.include(createHash('sha256').update(token).digest(form));
      }
      expect(all).not.to.include(token.slice(4));
    }
  });
});
