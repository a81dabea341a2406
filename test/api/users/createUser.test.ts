import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { basePath, useApp } from '../../support/app.ts';
import { itRepeatsItsAnswer, type Registration } from '../../support/it-repeats-its-answer.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('createUser', () => {
  const app = useApp();
  const create = (token: string, json: object, headers: Record<string, string> = {}) =>
    app.send('post', '/users', { token, json, headers });
  const newUser = (changes: object = {}) => ({ ...registration(), role: 'user', ...changes });
  const adminToken = async () => (await app.signIn('admin')).accessToken;

  describe('creates a user', () => {
    for (const role of ['user', 'moderator', 'admin']) {
      it(`with the role ${role}, who can sign in`, async () => {
        const token = await adminToken();
        const person = newPerson();

        const { status, body } = await create(token, { ...registration(person), role });

        expect(status).to.equal(201);
        expect(body).to.include({ email: person.email, full_name: person.fullName, role, is_active: true });
        const signedIn = (await app.login(person)).body;
        const list = await app.send('get', '/users', { token: signedIn.access_token });
        expect(list.status).to.equal(role === 'user' ? 403 : 200);
      });
    }

    it('at the URL in Location, with the same ETag', async () => {
      const token = await adminToken();

      const created = await create(token, newUser());

      const location = created.headers['location'] ?? '';
      expect(location).to.equal(`${basePath}/users/${created.body.id}`);
      const found = await app.sendOutside('get', location, { token });
      expect(found.status).to.equal(200);
      expect(found.bytes.equals(created.bytes)).to.equal(true);
      expect(found.headers['etag']).to.equal(created.headers['etag']);
      expect(created.body.etag).to.equal(created.headers['etag']);
    });

    it('with the address and name normalised', async () => {
      const { email } = newPerson();

      const { body } = await create(
        await adminToken(),
        newUser({ email: ` ${email.toUpperCase()}`, full_name: ' Zoe\u0301 Quince ' }),
      );

      expect(body).to.include({ email, full_name: 'Zo\u00e9 Quince' });
    });
  });

  describe('refuses', () => {
    it("a password that contains the address's local part", async () => {
      const answer = await create(
        await adminToken(),
        newUser({ email: 'lantern.keeper@example.com', password: 'my lantern.keeper' }),
      );

      expect(brokenRules(answer)).to.deep.equal(['/body/password password_contains_email']);
    });

    it('a taken address in any spelling', async () => {
      const token = await adminToken();
      const { email } = newPerson();
      await create(token, newUser({ email }));

      for (const spelling of [email, email.toUpperCase(), email.replace('person', 'ｐｅｒｓｏｎ')]) {
        expectProblem(await create(token, newUser({ email: spelling })), 409, 'email_taken');
      }
    });

    it('one of two simultaneous users with one address', async () => {
      const [one, other] = [await adminToken(), await adminToken()];
      for (let round = 0; round < 8; round += 1) {
        const { email } = newPerson();

        const answers = await Promise.all([create(one, newUser({ email })), create(other, newUser({ email }))]);

        expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
      }
    });
  });

  describe('with an Idempotency-Key', () => {
    // One admin for the suite, since keys are scoped by admin.
    let token = '';
    const send = async (body: Registration | string, headers: Record<string, string>) => {
      return typeof body === 'string'
        ? app.send('post', '/users', { token, raw: body, headers: { ...headers, 'Content-Type': 'application/json' } })
        : create(token, body, headers);
    };
    before('sign an admin in', async () => {
      token = await adminToken();
    });

    itRepeatsItsAnswer(app, { send, newBody: newUser });

    it('answers 409 to the same key with another address, password or role', async () => {
      const [key, body] = [{ 'Idempotency-Key': randomUUID() }, newUser()];
      await send(body, key);

      for (const other of [newUser(), { ...body, password: 'violet lantern harbour' }, { ...body, role: 'admin' }]) {
        expectProblem(await send(other, key), 409, 'idempotency_key_reused');
      }
    });

    it('accepts one of two simultaneous addresses with the same key', async () => {
      for (let round = 0; round < 5; round += 1) {
        const key = { 'Idempotency-Key': randomUUID() };

        const answers = await Promise.all([send(newUser(), key), send(newUser(), key)]);

        const outcomes = answers.map(({ status, body }) => (status === 201 ? 'created' : String(body.code)));
        expect(outcomes.sort()).to.deep.equal(['created', 'idempotency_key_reused']);
      }
    });

    it('forgets the replies to an admin who is deleted', async () => {
      const admin = await app.signIn('admin');
      await create(admin.accessToken, newUser(), { 'Idempotency-Key': randomUUID() });
      const kept = () => app.context.database.pool('idempotency_keys').where({ principal_id: admin.id });
      const before = await kept();

      await app.users.remove(admin.id);

      expect(before).to.have.length(1);
      expect(await kept()).to.deep.equal([]);
    });

    it('scopes keys by admin', async () => {
      const [one, other] = [await adminToken(), await adminToken()];
      const key = { 'Idempotency-Key': randomUUID() };

      const answers = [await create(one, newUser(), key), await create(other, newUser(), key)];

      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
      expect(answers[1]!.headers).not.to.have.property('idempotency-replayed');
      expect(answers[0]!.body.id).not.to.equal(answers[1]!.body.id);
    });

    it('scopes keys by operation', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      await app.send('post', '/auth/register', { json: registration(), headers: key });

      const answer = await create(await adminToken(), newUser(), key);

      expect(answer.status).to.equal(201);
    });

    it('replays nothing to a demoted admin', async () => {
      const [admin, body] = [await app.signIn('admin'), newUser()];
      const key = { 'Idempotency-Key': randomUUID() };
      await create(admin.accessToken, body, key);
      await adminToken();
      await app.users.update(admin.id, { role: 'user' });
      const again = (await app.login(admin)).body;

      expectProblem(await create(again.access_token, body, key), 403, 'forbidden');
    });
  });
});
