import { expect } from 'chai';
import { decode } from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { anotherCode, mailedCode } from '../../support/email-codes.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { told } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem, withoutInstance } from '../../support/problems.ts';
import { countStatements } from '../../support/statements.ts';

interface From {
  /** Each is a network of its own, so that pauses after failures don't get in the way. */
  readonly address?: string;
  readonly deviceToken?: string;
}

describe('loginWithCode', () => {
  const app = useApp({ env: { TRUST_PROXY: '1' } });
  const strict = useSecondApp(app, { env: { REQUIRE_VERIFIED_EMAIL: 'on' } });
  const without = useSecondApp(app, { env: { EMAIL_CODES: 'off' } });
  const login = (email: string, code: string, { address = '192.0.2.1', deviceToken }: From = {}) =>
    app.send('post', '/auth/email-codes/login', {
      json: { email, code, ...(deviceToken !== undefined && { device_token: deviceToken }) },
      headers: { 'X-Forwarded-For': address },
    });
  const me = (token: unknown) => app.send('get', '/auth/me', { token: String(token) });
  const expectRefused = (answer: Answer) => expectProblem(answer, 401, 'invalid_code');
  const rowsOf = (id: string) => app.context.database.pool('email_codes').where({ user_id: id });
  afterEach('send what is left', () => deliverMails(app));

  it('begins a session that says how it began', async () => {
    const user = await addUser(app);
    const code = await mailedCode(app, user);

    const { status, body } = await login(user.email.toUpperCase(), code);

    expect(status).to.equal(200);
    expect(body).to.have.keys('access_token', 'refresh_token', 'token_type', 'expires_in', 'device_token');
    expect((await me(body.access_token)).body).to.include({ id: user.id });
    expect(decode(String(body.access_token))).to.deep.include({
      amr: ['otp'],
      acr: 'urn:latchkey:acr:1',
    });
    const sessions = await app.send('get', '/auth/sessions', { token: String(body.access_token) });
    expect((sessions.body.items as { methods: string[] }[])[0]?.methods).to.deep.equal(['email_code']);
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: body.refresh_token } });
    expect(refreshed.status).to.equal(200);
  });

  it('verifies the address, and leaves the password as it is', async () => {
    const user = await addUser(app);

    const { body } = await login(user.email, await mailedCode(app, user));

    expect((await me(body.access_token)).body).to.include({ email_verified: true, full_name: user.fullName });
    expect((await app.login(user)).status).to.equal(200);
    expect((await eventsOf(app, user.id)).map(({ type }) => type)).to.include('email.verified');
  });

  it('changes nothing about somebody who was verified before', async () => {
    const user = await addUser(app);
    const first = await login(user.email, await mailedCode(app, user));
    const before = (await me(first.body.access_token)).body as { etag: string };

    const second = await login(user.email, await mailedCode(app, user));

    expect((await me(second.body.access_token)).body).to.deep.equal(before);
    expect((await me(first.body.access_token)).status).to.equal(200);
    const verified = (await eventsOf(app, user.id)).filter(({ type }) => type === 'email.verified');
    expect(verified).to.have.length(1);
  });

  it('lets people in who have not verified their address, where that is required', async () => {
    const user = await addUser(app);
    const code = await mailedCode(app, user);
    expectProblem(await strict.login(user), 403, 'email_not_verified');

    const { status } = await strict.send('post', '/auth/email-codes/login', { json: { email: user.email, code } });

    expect(status).to.equal(200);
  });

  it('uses the code up', async () => {
    const user = await addUser(app);
    const code = await mailedCode(app, user);

    expect((await login(user.email, code)).status).to.equal(200);

    expectRefused(await login(user.email, code));
  });

  it('lets one in of several who send the code at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const user = await addUser(app);
      const code = await mailedCode(app, user);

      const answers = await Promise.all(
        [1, 2, 3, 4].map((host) => login(user.email, code, { address: `192.0.2.${host}` })),
      );

      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401, 401]);
      expect(await app.context.database.pool('sessions').where({ user_id: user.id })).to.have.length(1);
    }
  });

  it('takes five attempts, and then not even the right code', async () => {
    const [user, lucky] = [await addUser(app), await addUser(app)];
    const codes = [await mailedCode(app, user), await mailedCode(app, lucky)] as const;

    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const from = { address: `198.51.100.${attempt}` };
      expectRefused(await login(lucky.email, anotherCode(codes[1]), from));
      expectRefused(await login(user.email, anotherCode(codes[0]), from));
    }
    expect((await login(lucky.email, codes[1])).status, 'the fifth may be right').to.equal(200);
    expectRefused(await login(user.email, anotherCode(codes[0])));

    expectRefused(await login(user.email, codes[0]));
    expect((await login(user.email, await mailedCode(app, user))).status, 'a new code').to.equal(200);
  });

  it('takes no more attempts at once than one after the other', async () => {
    const user = await addUser(app);
    const code = await mailedCode(app, user);
    const wrong = Array.from({ length: 12 }, (_each, host) =>
      login(user.email, anotherCode(code), { address: `203.0.113.${host}` }),
    );

    for (const answer of await Promise.all(wrong)) expectRefused(answer);

    expect((await rowsOf(user.id))[0]).to.include({ attempts: 5 });
    expectRefused(await login(user.email, code));
  });

  it('works with the last mail only', async () => {
    const user = await addUser(app);
    const [first, second] = [await mailedCode(app, user), await mailedCode(app, user)];
    if (first !== second) expectRefused(await login(user.email, first));

    expect((await login(user.email, second)).status).to.equal(200);
  });

  it('does not begin by opening the link, as mail scanners do', async () => {
    const user = await addUser(app);
    await app.send('post', '/auth/email-codes', { json: { email: user.email } });
    const [mail] = await deliverMails(app);
    const { pathname, search, hash } = new URL(mail!.link!);

    for (const method of ['get', 'head'] as const) await app.sendOutside(method, `${pathname}${search}`);

    expect(hash).to.include(mail!.code);
    expect((await rowsOf(user.id))[0]).to.include({ attempts: 0, ended_at: null });
    expect((await login(user.email, mail!.code!)).status).to.equal(200);
  });

  describe('refuses', () => {
    type Spoil = (user: { id: string; email: string; password: string }) => Promise<unknown>;
    const update = (id: string, columns: object) => app.context.database.pool('users').where({ id }).update(columns);
    const refused: [string, Spoil][] = [
      [
        'a code that has expired by the clock of the database',
        ({ id }) =>
          rowsOf(id).update({ expires_at: app.context.database.pool.raw(`now() - interval '1 millisecond'`) }),
      ],
      ['a code that was sent to an earlier address', ({ id }) => update(id, { email: newPerson().email })],
      ['a code of somebody whose credentials have changed', ({ id }) => update(id, { credentials_version: 2 })],
      ['a code of somebody who was deleted', ({ id }) => app.users.remove(id)],
    ];
    for (const [what, spoil] of refused) {
      it(what, async () => {
        const user = await addUser(app);
        const code = await mailedCode(app, user);

        await spoil(user);

        expectRefused(await login(user.email, code));
      });
    }

    it('the code of another address', async () => {
      const [user, other] = [await addUser(app), await addUser(app)];
      const codes = [await mailedCode(app, user), await mailedCode(app, other)] as const;
      if (codes[0] === codes[1]) return;

      expectRefused(await login(user.email, codes[1]));

      expect((await login(other.email, codes[1])).status).to.equal(200);
    });

    it('a code after a reset of the password', async () => {
      const user = await addUser(app);
      await app.send('post', '/auth/password/forgot', { json: { email: user.email } });
      const [mail] = await deliverMails(app);
      const code = await mailedCode(app, user);
      const json = { token: mail!.token, new_password: 'seven green kites over water' };
      expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);

      expectRefused(await login(user.email, code));
    });

    it('a deactivated user, whom only the right code tells so', async () => {
      const user = await addUser(app);
      const code = await mailedCode(app, user);
      await app.users.update(user.id, { isActive: false });

      expectRefused(await login(user.email, anotherCode(code)));
      expectProblem(await login(user.email, code), 403, 'account_disabled');
    });

    it('every code where EMAIL_CODES is off, and counts nothing', async () => {
      const user = await addUser(app);
      const code = await mailedCode(app, user);

      const answer = await without.send('post', '/auth/email-codes/login', { json: { email: user.email, code } });

      expectProblem(answer, 403, 'email_codes_off');
      expect((await rowsOf(user.id))[0]).to.include({ attempts: 0 });
    });
  });

  it("doesn't reveal whether somebody has the address, by bytes, headers or work", async () => {
    const provisional = newPerson();
    await app.send('post', '/auth/register', { json: registration(provisional) });
    const [asked, quiet, inactive] = [await addUser(app), await addUser(app), await addUser(app, { isActive: false })];
    const verified = await addUser(app);
    await app.context.database.pool('users').where({ id: verified.id }).update({ email_verified_at: new Date() });
    const wrong = anotherCode(await mailedCode(app, asked));
    await login(asked.email, wrong, { address: '198.51.100.250' });

    const seen = [];
    for (const [host, { email }] of [newPerson(), asked, quiet, inactive, provisional, verified].entries()) {
      let answer: Answer | undefined;
      const statements = await countStatements(async () => {
        answer = await login(email, wrong, { address: `198.51.100.${host}` });
      });
      expectRefused(answer!);
      seen.push({ statements, ...told(answer!), bytes: withoutInstance(answer!) });
    }

    for (const each of seen) expect(each).to.deep.equal(seen[0]);
  });

  it('counts failures as failed sign-ins: strangers are slowed down, a known device is not', async () => {
    const user = await addUser(app);
    const known = await login(user.email, await mailedCode(app, user));
    for (let failure = 0; failure < 5; failure += 1) expectRefused(await login(user.email, '000000'));

    const slowed = await login(user.email, '000000');

    expectProblem(slowed, 429, 'rate_limited');
    expect(Number(slowed.headers['retry-after'])).to.be.within(1, 15);
    const password = await app.send('post', '/auth/login', {
      json: { email: user.email, password: user.password },
      headers: { 'X-Forwarded-For': '192.0.2.1' },
    });
    expectProblem(password, 429, 'rate_limited');
    const deviceToken = String(known.body.device_token);
    expect((await login(user.email, await mailedCode(app, user), { deviceToken })).status).to.equal(200);
  });

  it('records success and failure, and never the code', async () => {
    const user = await addUser(app);
    const code = await mailedCode(app, user);

    await login(user.email, anotherCode(code));
    await login(user.email, code);

    const events = (await eventsOf(app, user.id)).filter(({ type }) => String(type).startsWith('session.'));
    expect(events.map(({ type, details }) => [type, details])).to.deep.equal([
      ['session.start_failed', { method: 'email_code', reason: 'invalid_code' }],
      ['session.started', { method: 'email_code' }],
    ]);
    expect(JSON.stringify(events)).not.to.include(code);
  });

  it('tells the owner of a device that they have not used', async () => {
    const user = await addUser(app);
    await app.login(user);
    await deliverMails(app);

    await app.send('post', '/auth/email-codes/login', {
      json: { email: user.email, code: await mailedCode(app, user) },
      headers: { 'X-Forwarded-For': '203.0.113.99', 'User-Agent': 'another/1.0' },
    });

    expect((await deliverMails(app)).map(({ name, to }) => [name, to])).to.deep.equal([['new_device', user.email]]);
  });
});
