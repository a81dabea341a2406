/** Whatever leads to a session asks whoever has a second factor for it. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { useApp } from '../../support/app.ts';
import { answerBy, challengeIn, enrolled, type Enrolled } from '../../support/challenges.ts';
import { expectTokensToBeDead } from '../../support/consequences.ts';
import { mailedCode } from '../../support/email-codes.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { aLine, foreignHash, knownPassword, ndjson, runUsersOn, useUserFiles } from '../../support/user-files.ts';

const chosen = 'amber compass over water';

describe('the second factor', () => {
  const app = useApp();
  const login = (email: string, password: string) => app.send('post', '/auth/login', { json: { email, password } });
  const reset = (token: string) => app.send('post', '/auth/password/reset', { json: { token, new_password: chosen } });

  /** No answer on the way had a token, and the password alone gets a challenge at its end. */
  async function expectChallenge(ada: Enrolled, email: string, password: string): Promise<void> {
    const before = await sessionsOf(ada);

    challengeIn(await login(email, password));

    expect(await sessionsOf(ada)).to.deep.equal(before);
  }

  it('is asked after a reset of the password, which starts no session', async () => {
    const ada = await enrolled(app);

    const answer = await reset(await mailedSecret(app, 'password_reset', ada));

    expect(answer.status).to.equal(204);
    expect(answer.bytes).to.have.length(0);
    await expectChallenge(ada, ada.email, chosen);
  });

  it('is asked of whoever signs in with a mailed code', async () => {
    const ada = await enrolled(app);
    const before = await sessionsOf(ada);
    const json = { email: ada.email, code: await mailedCode(app, ada) };

    challengeIn(await app.send('post', '/auth/email-codes/login', { json }));

    expect(await sessionsOf(ada)).to.deep.equal(before);
  });

  it('is asked after a change of the address, and after it was undone', async () => {
    const ada = await enrolled(app);
    const { email } = newPerson();
    await app.send('post', '/auth/email', { token: ada.accessToken, json: { email } });
    await app.context.database.pool('users').where({ id: ada.id }).update({ pending_email: email });

    const confirmed = await app.send('post', '/auth/email/verify', {
      json: { token: await mailedSecret(app, 'email_change', { id: ada.id, email }) },
    });
    expect(confirmed.status).to.equal(204);
    await expectChallenge(ada, email, ada.password);

    const undone = await app.send('post', '/auth/email/undo', {
      json: { token: await mailedSecret(app, 'email_change_undo', ada) },
    });
    expect(undone.status).to.equal(204);
    expect((await reset(await mailedSecret(app, 'password_reset', ada))).status).to.equal(204);
    await expectChallenge(ada, ada.email, chosen);
  });

  it('is asked of a user who was deleted and restored', async () => {
    const ada = await enrolled(app);
    const { accessToken: token } = await app.signIn('admin');
    await app.send('delete', `/users/${ada.id}`, { token });
    await app.send('post', `/users/${ada.id}/restore`, { token });

    await expectChallenge(ada, ada.email, ada.password);
  });

  describe('when users are imported', () => {
    const files = useUserFiles();
    const importing = async (...lines: Record<string, unknown>[]) =>
      runUsersOn(app.databaseUrl, ['import', await files.write(ndjson(lines))]);

    it('stays with whoever has it, as does the password, whatever a file says of them', async () => {
      const ada = await enrolled(app);
      const { id, email } = ada;
      const line = aLine({ id, email, full_name: ada.fullName, password_hash: foreignHash });
      const others = [{ ...line, id: undefined }, aLine({ id }), { ...line, email: email.toUpperCase() }];

      expect(await importing(line, ...others)).to.include({
        status: 1,
        stdout: '0 imported, 2 already there, 2 refused\n',
      });

      expect((await login(email, knownPassword)).status).to.equal(401);
      await expectChallenge(ada, email, ada.password);
    });

    it('is asked of whoever enrolled with a mailed code, before the password of the file was ever used', async () => {
      const line = aLine();
      await importing(line);
      const person = { id: line['id'] as string, email: line.email, fullName: 'Ada Quill', password: knownPassword };
      const json = { email: person.email, code: await mailedCode(app, person) };
      const { body } = await app.send('post', '/auth/email-codes/login', { json });
      const tokens = { accessToken: body.access_token as string, refreshToken: body.refresh_token as string };
      const ada = await enrolled(app, { ...person, ...tokens });

      const { token } = challengeIn(await login(ada.email, knownPassword));

      expect((await answerBy(app, token, 'totp', ada.app.code())).status).to.equal(200);
      expect(await importing(line)).to.include({ stdout: '0 imported, 1 already there\n' });
      await expectChallenge(ada, ada.email, knownPassword);
    });
  });

  it('is asked of a user who was deactivated and activated', async () => {
    const ada = await enrolled(app);
    await app.users.update(ada.id, { isActive: false });
    await app.users.update(ada.id, { isActive: true });

    await expectChallenge(ada, ada.email, ada.password);
  });

  it('is asked of somebody who was invited, and has enrolled since: an old link starts no session', async () => {
    const ada = await enrolled(app);

    await reset(await mailedSecret(app, 'invitation', ada));

    const [own, other] = [await login(ada.email, ada.password), await login(ada.email, chosen)];
    expect([own.body.code, other.body.code]).to.include('second_factor_required');
    expect([own.status, other.status]).not.to.include(200);
  });

  it('is not skipped by a registration that is sent again with its key: that gets the user, and no tokens', async () => {
    const person = newPerson();
    const register = (key: string) =>
      app.send('post', '/auth/register', { json: registration(person), headers: { 'Idempotency-Key': key } });
    const key = randomUUID();
    const { body } = await register(key);
    const { body: tokens } = await login(person.email, person.password);
    const signedIn = { ...person, id: body.id as string, accessToken: tokens.access_token as string };
    const ada = await enrolled(app, { ...signedIn, refreshToken: tokens.refresh_token as string });

    const again = await register(key);

    expect(again.status).to.equal(201);
    expect(again.body).not.to.have.any.keys('access_token', 'refresh_token', 'device_token');
    await expectChallenge(ada, ada.email, ada.password);
  });

  it('ends all sessions from before it but the one that enrolled, whose next token says that it took two factors', async () => {
    const person = await app.signIn();
    const { body: elsewhere } = await login(person.email, person.password);
    const ada = await enrolled(app, person);

    await expectTokensToBeDead([app], {
      accessToken: elsewhere.access_token as string,
      refreshToken: elsewhere.refresh_token as string,
    });
    const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: ada.refreshToken } });
    expect(jwt.decode(body.access_token as string)).to.deep.include({ acr: 'urn:latchkey:acr:2' });
  });

  async function sessionsOf({ id }: Enrolled): Promise<unknown[]> {
    return app.context.database.pool('sessions').where({ user_id: id, ended_at: null }).orderBy('id').select('id');
  }
});
