import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { nobodysId } from '../../support/ids.ts';
import { expectProblem } from '../../support/problems.ts';

describe('getUser', () => {
  const app = useApp();
  const get = (id: string, token: string) => app.send('get', `/users/${id}`, { token });

  for (const role of ['moderator', 'admin'] as const) {
    it(`returns any user to a ${role}, with an ETag`, async () => {
      const [reader, ada] = [await app.signIn(role), await app.signIn()];

      const { status, body, headers } = await get(ada.id, reader.accessToken);

      expect(status).to.equal(200);
      expect(body).to.include({ id: ada.id, email: ada.email, full_name: ada.fullName, role: 'user', is_active: true });
      expect(headers).to.include({ etag: `"${body.id}.1"`, 'cache-control': 'no-store' });
      expect(body.etag).to.equal(headers['etag']);
    });
  }

  it('returns users to themselves, with the id in any case', async () => {
    const ada = await app.signIn();

    for (const id of [ada.id, ada.id.toUpperCase()]) {
      expect(await get(id, ada.accessToken))
        .to.deep.include({ status: 200 })
        .and.have.nested.property('body.id', ada.id);
    }
  });

  it('answers 403 to users who ask for somebody else, existing or not', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];

    for (const id of [grace.id, nobodysId]) expectProblem(await get(id, ada.accessToken), 403, 'forbidden');
  });

  it('returns deactivated users', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
    await app.users.update(ada.id, { isActive: false });

    const { body } = await get(ada.id, moderator.accessToken);

    expect(body).to.include({ id: ada.id, is_active: false });
  });

  it('returns a new ETag after each change', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
    const tags = [(await get(ada.id, moderator.accessToken)).headers['etag']];

    for (const fullName of ['One', 'Two']) {
      await app.users.update(ada.id, { fullName });
      tags.push((await get(ada.id, moderator.accessToken)).headers['etag']);
    }

    expect(new Set(tags)).to.have.property('size', 3);
  });

  it('answers 404 when the user was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    expectProblem(await get(ada.id, admin.accessToken), 404, 'not_found');
  });
});
