/** Which operations a role that needs a second factor may call without one, according to `x-without-second-factor` in the contract. */
import { expect } from 'chai';
import { reissue } from '../support/access-tokens.ts';
import { useApp, useSecondApp } from '../support/app.ts';
import { expectProblem } from '../support/problems.ts';
import { expectSuccess, operations, sampleRequest, send } from './requests.ts';

describe('REQUIRE_SECOND_FACTOR', () => {
  const app = useApp({ env: { REQUIRE_SECOND_FACTOR: 'user' } });
  const ofAdmins = useSecondApp(app, { env: { REQUIRE_SECOND_FACTOR: 'admin' } });
  const everybody = () => app.context.database.pool('users').orderBy('id');

  const secured = operations.filter(({ leastRole }) => leastRole !== null);
  for (const operation of secured) {
    describe(`and ${operation.id}`, () => {
      const { withoutSecondFactor } = operation;
      it(`${withoutSecondFactor ? 'admits' : 'refuses'} somebody who signed in by one factor`, async () => {
        const person = await app.signIn(operation.leastRole!);
        const request = await sampleRequest(operation.id, app, person);
        const before = await everybody();

        const answer = await send(app, { ...request, token: person.accessToken });

        if (withoutSecondFactor) expectSuccess(operation, answer);
        else {
          expectProblem(answer, 403, 'second_factor_enrolment_required');
          expect(await everybody()).to.deep.equal(before);
        }
      });

      it('admits somebody who signed in by two', async () => {
        const person = await app.signIn(operation.leastRole!);
        const request = await sampleRequest(operation.id, app, person);

        const answer = await send(app, { ...request, token: reissue(app, person, { acr: 'urn:latchkey:acr:2' }) });

        expectSuccess(operation, answer);
      });
    });
  }

  it('asks the roles from the one it names, and nobody below', async () => {
    const [user, moderator, admin] = [
      await app.signIn('user'),
      await app.signIn('moderator'),
      await app.signIn('admin'),
    ];
    const exportOf = ({ accessToken: token }: typeof user) => ofAdmins.send('get', '/auth/me/export', { token });

    expect((await exportOf(user)).status).to.equal(200);
    expect((await exportOf(moderator)).status).to.equal(200);
    expectProblem(await exportOf(admin), 403, 'second_factor_enrolment_required');
  });

  it('looks at the role that somebody has now, not at the one they signed in with', async () => {
    const [person, admin] = [await app.signIn('user'), await app.signIn('admin')];
    const token = reissue(app, admin, { acr: 'urn:latchkey:acr:2' });
    await ofAdmins.send('patch', `/users/${person.id}`, { token, json: { role: 'admin' } });

    expectProblem(
      await ofAdmins.send('get', '/auth/me/export', { token: person.accessToken }),
      403,
      'second_factor_enrolment_required',
    );
  });
});
