import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp, confirmTotp, enrolTotp, readBase32 } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('enrolTotp', () => {
  const app = useApp({ env: { SERVICE_NAME: 'Ada & Co' } });
  const enrol = (token: string, json: object = { name: 'Phone' }) =>
    app.send('post', '/auth/factors/totp', { token, json });

  it('gives a secret of 160 bits, as text and as apps scan it', async () => {
    const ada = await app.signIn();

    const { status, body, headers } = await enrol(ada.accessToken);

    expect(status).to.equal(201);
    expect(readBase32(body.secret as string)).to.have.length(20);
    const { protocol, host, pathname, searchParams } = new URL(body.uri as string);
    expect([protocol, host]).to.deep.equal(['otpauth:', 'totp']);
    expect(decodeURIComponent(pathname)).to.equal(`/Ada & Co:${ada.email}`);
    expect(Object.fromEntries(searchParams)).to.deep.equal({
      secret: body.secret as string,
      issuer: 'Ada & Co',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(headers['cache-control']).to.equal('no-store');
  });

  it('changes nothing until the app is confirmed: no factor, no event, no mail, no session ended', async () => {
    const ada = await app.signIn();
    const { body: other } = await app.login(ada);
    await deliverMails(app);
    const before = await eventsOf(app, ada.id);

    await enrol(ada.accessToken);

    const { body } = await app.send('get', '/auth/factors', { token: other.access_token });
    expect(body).to.deep.equal({ items: [], recovery_codes_left: 0 });
    expect(await eventsOf(app, ada.id)).to.deep.equal(before);
    expect(await deliverMails(app)).to.deep.equal([]);
    expect((await app.login(ada)).status).to.equal(200);
  });

  it('replaces an app that was never confirmed', async () => {
    const ada = await app.signIn();
    const first = await enrolTotp(app, ada);
    const second = await enrolTotp(app, ada);

    expectProblem(await confirmTotp(app, ada, first, first.code()), 404, 'not_found');
    expect((await confirmTotp(app, ada, second, second.code())).status).to.equal(200);
  });

  it('allows five apps', async () => {
    const ada = await app.signIn();
    for (let count = 0; count < 5; count += 1) await addTotp(app, ada, `Phone ${count}`);

    expectProblem(await enrol(ada.accessToken), 409, 'too_many_factors');
    expect((await app.send('get', '/auth/factors', { token: ada.accessToken })).body.items).to.have.length(5);
  });

  it('stores the seed encrypted, and the name as it is', async () => {
    const ada = await app.signIn();
    const { secret, factorId } = await enrolTotp(app, ada, 'Adas Telefon 📱');

    const { pool } = app.context.database;
    const { seed } = (await pool('totp_seeds').where({ factor_id: factorId }).first()) as { seed: Buffer };
    expect(seed.includes(readBase32(secret))).to.be.false;
    const { name } = (await pool('factors').where({ id: factorId }).first()) as { name: string };
    expect(name).to.equal('Adas Telefon 📱');
  });

  for (const [what, json] of [
    ['without a name', {}],
    ['with an invisible name', { name: '\u200b' }],
    ['with a name of two lines', { name: 'a\nb' }],
    ['with a long name', { name: 'x'.repeat(65) }],
  ] as const) {
    it(`is refused ${what}`, async () => {
      expectProblem(await enrol((await app.signIn()).accessToken, json), 400, 'validation_failed');
    });
  }
});
