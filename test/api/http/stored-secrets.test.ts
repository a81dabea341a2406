/** Where secrets must not be, after people did everything that involves one. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { useApp } from '../../support/app.ts';
import type { Call } from '../../support/client.ts';
import { addTotp, readBase32 } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
}

describe('secrets', () => {
  const app = useApp();
  const post = (path: string, json: object, call: Pick<Call, 'token' | 'headers'> = {}) =>
    app.send('post', path, { json, ...call });

  it('are in no table, jobs and audit trail included, and in no mail but the one that brings them', async () => {
    const [ada, grace] = [newPerson(), newPerson()];
    const admin = await app.signIn('admin');
    const [key, wrong, typed] = [`key-${randomUUID()}`, 'amber compass 4711', 'ruby-harbour-15@example.com'];
    const chosen = 'seven green kites over water';
    const login = (email: string, password: string) => post('/auth/login', { email, password });
    const refresh = (token: string) => post('/auth/refresh', { refresh_token: token });
    const register = () => post('/auth/register', registration(ada), { headers: { 'Idempotency-Key': key } });

    await register();
    await register();
    await login(ada.email, wrong);
    // As somebody does who types the password into the wrong field.
    await login(typed, ada.password);
    const first = (await login(ada.email, ada.password)).body as Tokens;
    const second = (await refresh(first.refresh_token)).body as Tokens;
    const third = (await refresh(second.refresh_token)).body as Tokens;
    await post('/auth/email', { email: newPerson().email }, { token: third.access_token });
    expectProblem(await refresh(first.refresh_token), 401, 'refresh_token_reused');
    await post('/auth/password/forgot', { email: ada.email });
    const invited = { email: grace.email, full_name: grace.fullName, role: 'user' };
    expect((await post('/users', invited, { token: admin.accessToken })).status).to.equal(201);
    const waiting = await everythingStored();
    const mails = await deliverMails(app);
    const links = mails.flatMap(({ token }) => token ?? []);
    const sent = await everythingStored();
    const resets = { password_reset: chosen, invitation: grace.password };
    for (const [mail, new_password] of Object.entries(resets)) {
      const token = mails.find(({ name }) => name === mail)?.token;
      expect((await post('/auth/password/reset', { token, new_password })).status, mail).to.equal(204);
    }
    const fourth = (await login(ada.email, chosen)).body as Tokens;
    const fifth = (await login(grace.email, grace.password)).body as Tokens;
    await post('/auth/email-codes', { email: ada.email });
    const later = await deliverMails(app);
    const code = later.find(({ name }) => name === 'login_code')!.code!;
    const coded = (await post('/auth/email-codes/login', { email: ada.email, code })).body as Tokens;
    const phone = await addTotp(app, { accessToken: coded.access_token });
    mails.push(...later, ...(await deliverMails(app)));

    expect(coded.access_token).to.be.a('string');
    const tokens = [first, second, third, fourth, fifth, coded].flatMap((pair) => [
      pair.access_token,
      pair.refresh_token,
    ]);
    const seed = readBase32(phone.secret);
    const ofPhone = [phone.secret, seed.toString('hex'), seed.toString('base64'), ...phone.recoveryCodes];
    const passwords = [ada.password, grace.password, chosen, wrong, typed];
    const secrets = [...passwords, key, first.device_token, ...tokens, ...ofPhone];
    for (const stored of [waiting, sent, await everythingStored()]) {
      expect(stored, 'what may be stored is found').to.include(ada.email);
      for (const secret of [...secrets, ...links].flatMap(spellings)) expect(stored).not.to.include(secret);
      // Six digits may be part of any number, but no value.
      expect(stored).not.to.match(new RegExp(`\\b${code}\\b`));
    }
    expect(links.length).to.be.at.least(4);
    for (const { text, html, token } of mails) {
      for (const secret of [...secrets, ...links]) {
        if (secret !== token) expect(text + html).not.to.include(secret);
      }
    }
  });

  async function everythingStored(): Promise<string> {
    const { pool } = app.context.database;
    const tables = await pool('pg_tables').where({ schemaname: 'public' }).pluck<string[]>('tablename');
    const rows = await Promise.all(tables.map((table) => pool(table).select(pool.raw('to_jsonb(??) as row', [table]))));
    return JSON.stringify(rows);
  }
});

/** As bytes are shown, too; of a token with a prefix, also the bytes that follow it. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const digits = /^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/.test(secret) ? [secret.replaceAll('-', '')] : [];
  const raw = /^lk\w_/.test(secret) ? [Buffer.from(secret.slice(4), 'base64url').toString('hex')] : [];
  return [secret, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url'), ...raw, ...digits];
}
