/** Operations in any order by several clients never break the rules of accounts and sessions. */
import { expect } from 'chai';
import fc from 'fast-check';
import { useApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { fuzzParameters, fuzzTimeout, fuzzTitle } from '../support/fuzz.ts';
import { anyStep } from './steps.ts';
import { beginWorld, request, take } from './world.ts';

const clients = 4;

describe(`operations in any order ${fuzzTitle}`, function () {
  this.timeout(fuzzTimeout(120_000));
  const app = useApp();

  it('are answered as the model expects', async () => {
    const sequence = fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' });
    const property = fc.asyncProperty(sequence, async (steps) => {
      const world = await beginWorld(app);
      for (const step of steps) await take(world, step);
      await take(world, { does: 'list', actor: 0 });
    });
    await fc.assert(property, fuzzParameters());
  });

  it('leave a consistent state when several clients act at once', async () => {
    const sequence = fc.array(anyStep, { minLength: 5, maxLength: 10, size: 'max' });
    const sequences = fc.array(sequence, { minLength: clients, maxLength: clients });
    const property = fc.asyncProperty(sequences, async (perClient) => {
      const world = await beginWorld(app);
      const deleted = new Set<string>();
      const restored = new Set<string>();

      await Promise.all(
        perClient.map(async (steps) => {
          for (const step of steps) {
            const [method, path, call] = request(world, step);
            const { status } = await app.send(method, path, call);
            expect(status, JSON.stringify(step)).to.be.below(500);
            if (step.does === 'remove' && status === 204) deleted.add(path.replace('/users/', ''));
            if (step.does === 'restore' && status === 200) restored.add(path.split('/')[2]!);
          }
        }),
      );

      const { accessToken: token } = await app.signIn('moderator');
      const { body } = await app.send('get', '/users', { token, query: { limit: 100 } });
      const users = body.items as Answer['body'][];
      expect(body.total).to.equal(users.length);
      expect(new Set(users.map(({ email }) => email as string)).size, 'addresses must be unique').to.equal(
        users.length,
      );
      expect(users.filter(({ id }) => deleted.has(id as string) && !restored.has(id as string))).to.deep.equal([]);
      expect(users.filter(({ role, is_active }) => role === 'admin' && is_active)).not.to.be.empty;
      for (const session of world.sessions) {
        const me = await app.send('get', '/auth/me', { token: session.accessToken });
        const user = users.find(({ id }) => id === session.account.id);
        if (me.status === 200) expect(user, 'a signed-in user must be in the list').to.deep.equal(me.body);
        else expect(me.status).to.equal(401);
      }
    });
    await fc.assert(property, fuzzParameters(1 / 2));
  });
});
