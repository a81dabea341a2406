import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { nobodysId } from '../../support/ids.ts';
import { expectProblem } from '../../support/problems.ts';

describe('listUserSessions', () => {
  const app = useApp();
  const list = (token: string, id: string) => app.send('get', `/users/${id}/sessions`, { token });

  it("shows an administrator a user's sessions, none of which is the current one", async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.login(ada);

    const { items } = (await list(admin.accessToken, ada.id)).body;
    const own = (await app.send('get', '/auth/sessions', { token: ada.accessToken })).body.items as object[];

    expect(items).to.deep.equal(own.map((session) => ({ ...session, is_current: false })));
  });

  it('shows administrators which of their own is the current one', async () => {
    const admin = await app.signIn('admin');
    await app.login(admin);

    const items = (await list(admin.accessToken, admin.id)).body.items as { is_current: boolean }[];

    expect(items.map((session) => session.is_current)).to.deep.equal([false, true]);
  });

  it('is empty for somebody who is not signed in', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.update(ada.id, { isActive: false });

    expect((await list(admin.accessToken, ada.id)).body).to.deep.equal({ items: [] });
  });

  it('finds no user who does not exist or was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    for (const id of [nobodysId, ada.id]) expectProblem(await list(admin.accessToken, id), 404, 'not_found');
  });

  it('is for administrators only, oneself included', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];

    expectProblem(await list(moderator.accessToken, ada.id), 403, 'forbidden');
    expectProblem(await list(ada.accessToken, ada.id), 403, 'forbidden');
  });
});
