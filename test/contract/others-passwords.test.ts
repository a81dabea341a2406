/** Nobody sets the password of somebody else, administrators included (ASVS 6.4.6), whatever operations there are. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { brokenRules } from '../support/problems.ts';
import { bodyFields, expectSuccess, operations, sampleRequest, send, withBody } from './requests.ts';

const ofOthers = operations.filter(({ path }) => path.includes('{user_id}'));

describe('the password of somebody else', () => {
  const app = useApp();
  const hashes = () => app.context.database.pool('users').orderBy('id').select('id', 'password_hash');

  it('is taken only by operations on oneself, by a mailed secret, and for a new account', () => {
    const taking = withBody.filter((operation) =>
      Object.keys(bodyFields(operation)).some((name) => name.includes('password')),
    );

    expect(taking.map(({ id }) => id as string)).to.have.members([
      ...['registerUser', 'createUser', 'login', 'reauthenticate', 'changePassword', 'resetPassword'],
    ]);
    expect(taking.filter((operation) => ofOthers.includes(operation))).to.deep.equal([]);
  });

  for (const operation of ofOthers) {
    it(`stays as it is, whatever an administrator does by ${operation.id}`, async () => {
      const { accessToken: token } = await app.signIn('admin');
      const request = await sampleRequest(operation.id, app);
      const before = await hashes();

      for (const field of request.json ? ['password', 'new_password', 'password_hash'] : []) {
        const json = { ...request.json, [field]: 'seven green kites over water' };
        expect(brokenRules(await send(app, { ...request, json, token }))).to.deep.equal([
          `/body/${field} additionalProperties`,
        ]);
      }
      expectSuccess(operation, await send(app, { ...request, token }));

      expect(before).to.not.be.empty;
      expect(await hashes()).to.deep.equal(before);
    });
  }
});
