import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';
import { itNeedsASession, itRefusesUnknownParameters, nobodysId } from '../../support/stories.ts';

describe('getUser', () => {
  const app = useApp();
  const get = (id: string, token: string) => app.send('get', `/users/${id}`, { token });
  const target = {
    method: 'get',
    path: `/users/${nobodysId}`,
    token: async () => (await app.signIn('moderator')).accessToken,
  } as const;

  for (const role of ['moderator', 'admin'] as const) {
    it(`gives a ${role} any user, with a tag`, async () => {
      const [reader, ada] = [await app.signIn(role), await app.signIn()];

      const { status, body, headers } = await get(ada.id, reader.accessToken);

      expect(status).to.equal(200);
      expect(body).to.include({ id: ada.id, email: ada.email, full_name: ada.fullName, role: 'user', is_active: true });
      expect(headers).to.include({ etag: `"${body.id}.1"`, 'cache-control': 'no-store' });
      expect(body.etag).to.equal(headers['etag']);
    });
  }

  it('gives users themselves', async () => {
    const ada = await app.signIn();

    const { status, body } = await get(ada.id, ada.accessToken);

    expect(status).to.equal(200);
    expect(body.id).to.equal(ada.id);
  });

  it('takes an id in any case', async () => {
    const ada = await app.signIn();

    const { status, body } = await get(ada.id.toUpperCase(), ada.accessToken);

    expect(status).to.equal(200);
    expect(body.id).to.equal(ada.id);
  });

  it('gives a user who was deactivated', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
    await app.users.update(ada.id, { isActive: false });

    const { body } = await get(ada.id, moderator.accessToken);

    expect(body).to.include({ id: ada.id, is_active: false });
  });

  it('gives a new tag after each change', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
    const tags = [(await get(ada.id, moderator.accessToken)).headers['etag']];

    for (const fullName of ['One', 'Two']) {
      await app.users.update(ada.id, { fullName });
      tags.push((await get(ada.id, moderator.accessToken)).headers['etag']);
    }

    expect(new Set(tags)).to.have.property('size', 3);
  });

  itNeedsASession(app, target);
  itRefusesUnknownParameters(app, target);

  it('answers 403 to users who ask for somebody else, whether there is one or not', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];

    expectProblem(await get(grace.id, ada.accessToken), 403, 'forbidden');
    expectProblem(await get(nobodysId, ada.accessToken), 403, 'forbidden');
  });

  it('answers 404 when there is nobody', async () => {
    const { accessToken } = await app.signIn('moderator');

    expectProblem(await get(nobodysId, accessToken), 404, 'not_found');
  });

  it('answers 404 when the user was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    expectProblem(await get(ada.id, admin.accessToken), 404, 'not_found');
  });

  for (const id of ['1', 'me', `${nobodysId}0`, nobodysId.replaceAll('-', ''), "'%20or%201=1"]) {
    it(`answers 400 to the id ${id}`, async () => {
      const { accessToken } = await app.signIn('moderator');

      const answer = await get(id, accessToken);

      expect(brokenRules(answer)).to.satisfy((rules: string[]) => rules.every((r) => r.startsWith('/path/user_id ')));
    });
  }
});
