import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { itRepeatsItsAnswer } from '../../support/it-repeats-its-answer.ts';
import { registration } from '../../support/people.ts';

describe('registerUser with an Idempotency-Key', () => {
  const app = useApp();
  const register = (json: unknown, headers: Record<string, string> = {}) =>
    app.send('post', '/auth/register', { json, headers });

  itRepeatsItsAnswer(app, {
    send: (body, headers) =>
      typeof body === 'string'
        ? app.send('post', '/auth/register', {
            raw: body,
            headers: { ...headers, 'Content-Type': 'application/json' },
          })
        : register(body, headers),
    newBody: registration,
  });

  const keyed = (json: object, key: string) => register(json, { 'Idempotency-Key': key });

  it('scopes keys by address', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = randomUUID();

      const answers = await Promise.all([keyed(registration(), key), keyed(registration(), key)]);

      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
      expect(answers[0].body.id).not.to.equal(answers[1].body.id);
      for (const { headers } of answers) expect(headers).not.to.have.property('idempotency-replayed');
    }
  });

  it('replays the reply to another spelling of the address', async () => {
    const [key, body] = [randomUUID(), registration()];
    const first = await keyed(body, key);

    const second = await keyed({ ...body, email: ` ${body.email.toUpperCase()} ` }, key);

    expect(second.bytes.equals(first.bytes)).to.equal(true);
  });

  describe('treats the key as unknown without the right password', () => {
    const sayings = ({ status, body, headers }: Answer) => {
      const ofEach = { 'x-request-id': undefined, date: undefined };
      return { status, problem: { ...body, instance: undefined }, headers: { ...headers, ...ofEach } };
    };
    const strangers: [string, (body: ReturnType<typeof registration>) => object][] = [
      ['another password', (body) => ({ ...body, password: 'violet lantern harbour' })],
      ['another password and name', (body) => ({ ...body, password: 'violet lantern', full_name: 'Eve Snoop' })],
      ['a forbidden password', (body) => ({ ...body, password: 'password123' })],
      ['the address as password', (body) => ({ ...body, password: body.email })],
      ['the name within the password', (body) => ({ ...body, password: `i am ${body.full_name}` })],
    ];
    for (const [what, stranger] of strangers) {
      it(what, async () => {
        const [key, body] = [randomUUID(), registration()];
        await keyed(body, key);

        const known = await keyed(stranger(body), key);
        const unknown = await keyed(stranger(body), randomUUID());
        const without = await register(stranger(body));

        expect(sayings(known)).to.deep.equal(sayings(unknown));
        expect(sayings(known)).to.deep.equal(sayings(without));
        expect(known.status).to.be.oneOf([400, 409]);
      });
    }

    it('even in a race for the address', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [key, body] = [randomUUID(), registration()];

        const answers = await Promise.all([
          keyed(body, key),
          keyed({ ...body, password: 'violet lantern harbour' }, key),
        ]);

        const outcomes = answers.map(({ status, body: { code } }) => (status === 201 ? 'created' : String(code)));
        expect(outcomes.sort()).to.deep.equal(['created', 'email_taken']);
      }
    });
  });

  it('stores nothing derived from the password', async () => {
    const [key, body] = [randomUUID(), registration()];
    const { id } = (await keyed(body, key)).body;
    const row = () =>
      app.context.database.pool('idempotency_keys').where({ user_id: id }).first<{ fingerprint: Buffer }>();
    const first = await row();
    await app.users.remove(id);

    const again = await keyed({ ...body, password: 'violet lantern harbour' }, key);

    const second = await app.context.database
      .pool('idempotency_keys')
      .where({ user_id: again.body.id })
      .first<{ fingerprint: Buffer }>();
    expect(second.fingerprint.equals(first.fingerprint)).to.equal(true);
  });
});
