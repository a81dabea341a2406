import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { expectTokensToWork } from '../../support/consequences.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('renewRecoveryCodes', () => {
  const app = useApp();
  const renew = (token: string) => app.send('post', '/auth/recovery-codes', { token });
  const verify = (user: { id: string; email: string }, code: string) => {
    const client = { address: '203.0.113.7', userAgent: undefined, requestId: 'request-1' };
    const { factors } = app.context.features;
    return app.context.database.transaction((db) =>
      factors.verify(db, { user, client }, { factor: 'recovery_code', code }),
    );
  };

  it('gives ten new codes; the old ones stop working', async () => {
    const ada = await app.signIn();
    const { recoveryCodes: old } = await addTotp(app, ada);

    const { status, body } = await renew(ada.accessToken);

    expect(status).to.equal(200);
    const codes = body.recovery_codes as string[];
    expect(new Set([...codes, ...old]).size).to.equal(20);
    expect(await verify(ada, old[0]!)).to.be.false;
    expect(await verify(ada, codes[0]!)).to.be.true;
    await expectTokensToWork([app], ada);
  });

  it('leaves ten codes when it is asked several times at once', async () => {
    const ada = await app.signIn();
    await addTotp(app, ada);

    const answers = await Promise.all([1, 2, 3, 4].map(() => renew(ada.accessToken)));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    const { body } = await app.send('get', '/auth/factors', { token: ada.accessToken });
    expect(body.recovery_codes_left).to.equal(10);
  });

  it('leaves an event and mails the owner', async () => {
    const ada = await app.signIn();
    await addTotp(app, ada);
    await deliverMails(app);

    await renew(ada.accessToken);

    expect((await eventsOf(app, ada.id)).at(-1)).to.deep.include({ type: 'recovery_codes.renewed', details: {} });
    const mails = await deliverMails(app);
    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['recovery_codes_renewed', ada.email]]);
  });

  it('needs a second factor', async () => {
    expectProblem(await renew((await app.signIn()).accessToken), 409, 'no_second_factor');
  });
});
