import { expect } from 'chai';
import { checkEnrolment } from '../../../src/features/factors/enrolment.check.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { addTotp, enrolTotp } from '../../support/factors.ts';

describe('doctor, where roles need a second factor', () => {
  const app = useApp();
  const strict = useSecondApp(app, { env: { REQUIRE_SECOND_FACTOR: 'moderator' } });
  const check = () => checkEnrolment(app.context.database, 'moderator');
  beforeEach('begin without users', () => app.context.database.pool.raw('truncate users cascade'));

  it('counts those who have none yet, and says that they are led to enrol', async () => {
    const [enrolled, pending] = [await app.signIn('admin'), await app.signIn('admin')];
    await app.signIn('moderator');
    await app.signIn('user');
    await addTotp(app, enrolled);
    await enrolTotp(app, pending);

    expect(await check()).to.deep.equal({
      check: 'enrolment',
      result: 'warn',
      reason: '2 users with the role moderator or admin have no second factor yet',
      remedy: 'ask them to sign in: they are led to enrol one, and can do nothing else before',
    });
  });

  it('leaves out deactivated and deleted users', async () => {
    const [inactive, deleted] = [await app.signIn('admin'), await app.signIn('admin')];
    const users = () => app.context.database.pool('users');
    await users().where({ id: inactive.id }).update({ is_active: false });
    await users().where({ id: deleted.id }).update({ deleted_at: new Date() });

    expect(await check()).to.deep.include({ result: 'ok' });
  });

  it('asks only there', async () => {
    const names = async ({ context }: typeof app) =>
      Promise.all(context.features.factors.checks.map(async (run) => (await run(context.database)).check));

    expect(await names(app)).to.deep.equal(['factor keys']);
    expect(await names(strict)).to.deep.equal(['factor keys', 'enrolment']);
  });
});
