import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { loginWith, register } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('passkeys', () => {
  const app = useApp();
  const withPasskeys = async (...names: string[]) => {
    const ada = await app.signIn();
    const { accessToken: token } = ada;
    const made = [];
    for (const name of names) made.push(await register(app, ada, { name }));
    const list = async () => {
      const { body } = await app.send('get', '/auth/passkeys', { token });
      return body as { items: { id: string; name: string }[] };
    };
    const ids = (await list()).items.map(({ id }) => id);
    return { ...ada, made, list, ids };
  };

  describe('renamePasskey', () => {
    it('gives it another name, and is recorded', async () => {
      const ada = await withPasskeys('Old', 'Other');
      const [id = ''] = ada.ids;

      const renamed = await app.send('patch', `/auth/passkeys/${id}`, {
        token: ada.accessToken,
        json: { name: ' New  name ' },
      });

      expect(renamed.body).to.include({ id, name: 'New  name' });
      expect((await ada.list()).items.map(({ name }) => name)).to.deep.equal(['New  name', 'Other']);
      const [event] = (await eventsOf(app, ada.id)).slice(-1);
      expect(event).to.deep.include({ type: 'factor.renamed', details: { kind: 'passkey', factor_id: id } });
    });
  });

  describe('removePasskey', () => {
    it('removes it, so that nobody can sign in with it', async () => {
      const ada = await withPasskeys('Lost', 'Kept');
      const [lost] = ada.made;

      const { status } = await app.send('delete', `/auth/passkeys/${ada.ids[0]}`, { token: ada.accessToken });

      expect(status).to.equal(204);
      expect((await ada.list()).items.map(({ name }) => name)).to.deep.equal(['Kept']);
      expectProblem(await loginWith(app, lost!.credential), 401, 'invalid_passkey');
      const mails = (await deliverMails(app)).filter(({ to }) => to.includes(ada.email));
      expect(mails.map(({ name }) => name)).to.include('passkey_removed');
    });

    it('removes the recovery codes with the last one', async () => {
      const ada = await withPasskeys('First', 'Last');
      const codes = () => app.context.database.pool('recovery_codes').where({ user_id: ada.id });
      const remove = (id: string) => app.send('delete', `/auth/passkeys/${id}`, { token: ada.accessToken });

      await remove(ada.ids[0]!);
      expect(await codes()).to.have.length(10);
      await remove(ada.ids[1]!);
      expect(await codes()).to.deep.equal([]);
    });
  });

  it('finds no passkey of somebody else, nor a factor of another kind', async () => {
    const [ada, eve] = [await withPasskeys('Mine'), await withPasskeys('Hers')];
    const totp = { id: randomUUID(), user_id: eve.id, kind: 'totp', name: 'Phone', confirmed_at: new Date() };
    await app.context.database.pool('factors').insert(totp);

    for (const id of [ada.ids[0]!, totp.id, randomUUID()]) {
      const call = { token: eve.accessToken };
      expectProblem(await app.send('delete', `/auth/passkeys/${id}`, call), 404, 'not_found');
      const json = { name: 'Taken' };
      expectProblem(await app.send('patch', `/auth/passkeys/${id}`, { ...call, json }), 404, 'not_found');
    }
    expect((await ada.list()).items).to.have.length(1);
  });
});

describe('passkeys of a service without a domain', () => {
  const app = useApp({ env: { PUBLIC_URL: 'https://192.0.2.7' } });

  it('are not available', async () => {
    const { accessToken: token } = await app.signIn();

    expectProblem(await app.send('post', '/auth/passkeys/begin', { token }), 403, 'passkeys_unavailable');
    expectProblem(await app.send('post', '/auth/passkeys/login/begin', { json: {} }), 403, 'passkeys_unavailable');
    const response = { clientDataJSON: 'e30', attestationObject: 'oA' };
    const json = { credential: { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response } };
    expectProblem(await app.send('post', '/auth/passkeys', { token, json }), 403, 'passkeys_unavailable');
  });
});
