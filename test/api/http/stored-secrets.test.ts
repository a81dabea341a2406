/** What the database holds after people did everything that involves a secret: none of them, in any table. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { useApp } from '../../support/app.ts';
import { newPerson, registration } from '../../support/people.ts';

describe('the database, jobs and audit trail included', () => {
  const app = useApp();

  it('has no password, token or key in it after a whole journey', async () => {
    const ada = newPerson();
    const [key, wrong, typed] = [`key-${randomUUID()}`, 'amber compass 4711', 'ruby-harbour-15@example.com'];
    const register = () =>
      app.send('post', '/auth/register', { json: registration(ada), headers: { 'Idempotency-Key': key } });
    const login = (email: string, password: string) => app.send('post', '/auth/login', { json: { email, password } });
    const refresh = async (token: string) => {
      const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: token } });
      return body as { access_token: string; refresh_token: string; code?: string };
    };

    await register();
    await register();
    await login(ada.email, wrong);
    // As somebody does who types the password into the wrong field.
    await login(typed, ada.password);
    const first = (await login(ada.email, ada.password)).body as Awaited<ReturnType<typeof refresh>>;
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.refresh_token);
    const reused = await refresh(first.refresh_token);

    const secrets = [ada.password, wrong, typed, key];
    const tokens = [first, second, third].flatMap((pair) => [pair.access_token, pair.refresh_token]);
    expect([...tokens, reused.code])
      .to.have.length(7)
      .and.include('refresh_token_reused');
    const stored = await everythingStored();
    expect(stored, 'what may be stored is found').to.include(ada.email);
    for (const secret of [...secrets, ...tokens].flatMap(spellings)) expect(stored).not.to.include(secret);
  });

  async function everythingStored(): Promise<string> {
    const { pool } = app.context.database;
    const tables = await pool('pg_tables').where({ schemaname: 'public' }).pluck<string[]>('tablename');
    const rows = await Promise.all(tables.map((table) => pool(table).select(pool.raw('to_jsonb(??) as row', [table]))));
    return JSON.stringify(rows);
  }
});

/** As bytes are shown, too; of a refresh token, also what its prefix is followed by. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const raw = secret.startsWith('lkr_') ? [Buffer.from(secret.slice(4), 'base64url').toString('hex')] : [];
  return [secret, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url'), ...raw];
}
