import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp, confirmTotp, enrolTotp } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('confirmTotp', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);

  it('makes the app count, and gives ten recovery codes once', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);

    const { status, body } = await confirmTotp(app, ada, phone, phone.code());

    expect(status).to.equal(200);
    expect(body.factor).to.include({ id: phone.factorId, kind: 'totp', name: 'Phone', last_used_at: null });
    expect(new Set(body.recovery_codes as string[]).size).to.equal(10);
    const { body: listed, bytes } = await app.send('get', '/auth/factors', { token: ada.accessToken });
    expect(listed).to.deep.equal({ items: [body.factor], recovery_codes_left: 10 });
    for (const code of body.recovery_codes as string[]) expect(bytes.toString()).not.to.include(code);
  });

  it('gives no recovery codes with a second app, and leaves those of the first as they are', async () => {
    const ada = await app.signIn();
    const phone = await addTotp(app, ada);
    const tablet = await addTotp(app, ada, 'Tablet');

    expect(tablet.recoveryCodes).to.deep.equal([]);
    const { verify } = app.context.features.factors;
    const who = { user: ada, client: { address: '203.0.113.7', userAgent: undefined, requestId: 'request-1' } };
    const typed = { factor: 'recovery_code', code: phone.recoveryCodes[0]! } as const;
    expect(await app.context.database.transaction((db) => verify(db, who, typed))).to.be.true;
  });

  it('ends all other sessions, on every process, and keeps the one that asks', async () => {
    const ada = await app.signIn();
    const { body } = await elsewhere.login(ada);
    const other = { accessToken: body.access_token, refreshToken: body.refresh_token };
    await expectTokensToWork([app, elsewhere], other);

    await addTotp(app, ada);

    await expectTokensToBeDead([elsewhere, app], other);
    await expectTokensToWork([elsewhere, app], ada);
  });

  it('counts the session as one of two factors, as its next access token says', async () => {
    const ada = await app.signIn();
    await addTotp(app, ada);

    const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: ada.refreshToken } });

    expect(jwt.decode(body.access_token as string)).to.include({ acr: 'urn:latchkey:acr:2' });
  });

  it('leaves an event and mails the owner', async () => {
    const ada = await app.signIn();
    await deliverMails(app);

    const { factorId } = await addTotp(app, ada);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.deep.include({ type: 'factor.added', details: { kind: 'totp', factor_id: factorId } });
    expect(event).to.include({ outcome: 'success', actor_id: ada.id });
    const mails = await deliverMails(app);
    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['totp_added', ada.email]]);
  });

  it('refuses a wrong code, and takes the right one afterwards', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);

    const refused = await confirmTotp(app, ada, phone, phone.code(-9));

    expectProblem(refused, 400, 'validation_failed');
    expect(refused.body.errors).to.deep.equal([
      {
        pointer: '/body/code',
        message: 'is not a code that the app shows now, or was used before',
        rule: 'code_wrong',
      },
    ]);
    expect((await confirmTotp(app, ada, phone, phone.code())).status).to.equal(200);
  });

  for (const steps of [-1, 1]) {
    it(`accepts a clock that is ${steps < 0 ? 'behind' : 'ahead'} by a step`, async () => {
      const ada = await app.signIn();
      const phone = await enrolTotp(app, ada);
      // Should a step end meanwhile, the code of the one before is too old.
      const answers = [await confirmTotp(app, ada, phone, phone.code(steps))];
      if (answers[0]!.status === 400) answers.push(await confirmTotp(app, ada, phone, phone.code(steps)));
      expect(answers.at(-1)!.status).to.equal(200);
    });
  }

  it('works once, for one of several at once', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);
    const code = phone.code();

    const servers = [app, elsewhere, app, elsewhere];
    const answers = await Promise.all(servers.map((server) => confirmTotp(server, ada, phone, code)));

    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404, 404, 404]);
    expect((await app.send('get', '/auth/factors', { token: ada.accessToken })).body.items).to.have.length(1);
  });

  it('finds no app of somebody else, and none that is confirmed', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const phone = await enrolTotp(app, ada);
    expectProblem(await confirmTotp(app, grace, phone, phone.code()), 404, 'not_found');
    await confirmTotp(app, ada, phone, phone.code());

    expectProblem(await confirmTotp(app, ada, phone, phone.code(1)), 404, 'not_found');
  });

  it('finds no app that was not confirmed within an hour', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);
    const { pool } = app.context.database;
    await pool('factors')
      .where({ id: phone.factorId })
      .update({ created_at: new Date(Date.now() - 3_601_000) });

    await app.context.features.factors.expiry[0]!.deleteSome(pool, 100);

    expectProblem(await confirmTotp(app, ada, phone, phone.code()), 404, 'not_found');
    expect(await pool('totp_seeds').where({ factor_id: phone.factorId })).to.deep.equal([]);
  });
});
