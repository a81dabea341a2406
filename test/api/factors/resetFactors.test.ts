import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';
import { countsOf } from '../../support/counters.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp, enrolTotp } from '../../support/factors.ts';
import { nobodysId } from '../../support/ids.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

const metric = 'latchkey_factor_changes_total';

describe('resetFactors', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const reset = (token: string, id: string) => app.send('delete', `/users/${id}/factors`, { token });

  it('removes all factors and recovery codes of a user, and ends all sessions', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await addTotp(app, ada);
    await addTotp(app, ada, 'Tablet');
    await enrolTotp(app, ada, 'Watch');

    expect((await reset(admin.accessToken, ada.id)).status).to.equal(204);

    await expectTokensToBeDead([app, elsewhere], ada);
    await expectTokensToWork([app], admin);
    for (const table of ['factors', 'recovery_codes'])
      expect(await app.context.database.pool(table).where({ user_id: ada.id }), table).to.deep.equal([]);
    expect((await app.login(ada)).status).to.equal(200);
  });

  it('is counted once for each factor, as additions and removals are', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    const before = await countsOf(app, metric);

    const { factorId } = await addTotp(app, ada);
    await addTotp(app, ada, 'Tablet');
    await addTotp(app, ada, 'Watch');
    await app.send('delete', `/auth/factors/${factorId}`, { token: ada.accessToken });
    await reset(admin.accessToken, ada.id);
    await reset(admin.accessToken, ada.id);

    expect(await countsOf(app, metric)).to.deep.equal({
      ...before,
      totp_added: before['totp_added']! + 3,
      totp_removed: before['totp_removed']! + 1,
      totp_reset: before['totp_reset']! + 2,
    });
  });

  it('leaves an event that names the administrator, and mails the user', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await addTotp(app, ada);
    await deliverMails(app);

    await reset(admin.accessToken, ada.id);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.deep.include({ type: 'factors.reset', actor_id: admin.id, details: { factors: 1 } });
    const mails = await deliverMails(app);
    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['factors_reset', ada.email]]);
  });

  it('does nothing where there is no factor', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await deliverMails(app);
    const before = await eventsOf(app, ada.id);

    expect((await reset(admin.accessToken, ada.id)).status).to.equal(204);

    await expectTokensToWork([app], ada);
    expect(await eventsOf(app, ada.id)).to.deep.equal(before);
    expect(await deliverMails(app)).to.deep.equal([]);
  });

  it('finds no user who does not exist or was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    for (const id of [nobodysId, ada.id]) expectProblem(await reset(admin.accessToken, id), 404, 'not_found');
  });

  it('is for administrators only', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
    await addTotp(app, ada);

    expectProblem(await reset(moderator.accessToken, ada.id), 403, 'forbidden');
    expectProblem(await reset(ada.accessToken, ada.id), 403, 'forbidden');
    await expectTokensToWork([app], ada);
  });
});
