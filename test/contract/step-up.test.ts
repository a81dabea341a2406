/** Whoever has a second factor proves both for each operation with `x-assurance` (RFC 9470); the password alone is not enough. */
import { expect } from 'chai';
import { reissue, staleToken } from '../support/access-tokens.ts';
import { useApp, type SignedIn } from '../support/app.ts';
import { answerBy, challengeIn, challengeOf, enrolled } from '../support/challenges.ts';
import { expectProblem } from '../support/problems.ts';
import { bodyFields, expectSuccess, operations, sampleRequest, send, type Described } from './requests.ts';

const assured = operations.filter(({ maxAge }) => maxAge !== null);

/** What a user signs in with: whatever takes a new one asks for a recent sign-in. */
const chosen = ['new_password', 'email'];

describe('step-up', () => {
  const app = useApp();

  it('is asked by whatever takes a new password or address from somebody who is signed in', () => {
    const own = operations.filter(({ leastRole, hasJson }) => leastRole === 'user' && hasJson);
    const taking = own.filter((operation) => Object.keys(bodyFields(operation)).some((name) => chosen.includes(name)));

    expect(taking.map(({ id }) => id)).to.include.members(['changeEmail', 'changePassword']);
    expect(taking.filter(({ maxAge }) => maxAge === null)).to.deep.equal([]);
  });

  for (const operation of assured) {
    it(`takes both factors of whoever has two: ${operation.id}`, async () => {
      const ada = await enrolled(app, await app.signIn(operation.leastRole!));
      const request = await requestOf(operation);
      const begun = await answerBy(app, await challengeOf(app, ada), 'recovery_code', ada.app.recoveryCodes[0]!);
      const session = { ...ada, accessToken: begun.body.access_token as string };
      const stale = staleToken(app, session, operation.maxAge! + 1);

      const refused = await send(app, { ...request, token: stale });
      expectProblem(refused, 401, 'insufficient_user_authentication');
      expect(refused.headers['www-authenticate']).to.include(', acr_values="urn:latchkey:acr:2"');
      const asked = await app.send('post', '/auth/reauthenticate', { token: stale, json: { password: ada.password } });
      const { token: challenge } = challengeIn(asked);
      expectProblem(await send(app, { ...request, token: stale }), 401, 'insufficient_user_authentication');
      const answered = await answerBy(app, challenge, 'totp', ada.app.code());
      expect(answered.status).to.equal(200);

      const fresh = await requestOf(operation, session);
      expectSuccess(operation, await send(app, { ...fresh, token: answered.body.access_token as string }));
    });
  }

  it('takes one proof for as long as it is recent, whatever the operation', async () => {
    const person = await app.signIn();
    const token = reissue(app, person, { authenticatedAt: new Date(Date.now() - 590_000) });

    for (let time = 0; time < 2; time += 1) {
      expect((await app.send('get', '/auth/me/export', { token })).status).to.equal(200);
    }
  });

  /** Its valid request, with a body that asks for a recent sign-in where only some do. */
  async function requestOf(operation: Described, person?: SignedIn) {
    const { json, ...request } = await sampleRequest(operation.id, app, person);
    const [field, values] = Object.entries(operation.onlyFor ?? {})[0] ?? [];
    const asking = field === undefined ? {} : { [field]: values === 'any' ? 'moderator' : values![0] };
    return { ...request, ...(json && { json: { ...json, ...asking } }) };
  }
});
