import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { addTotp, enrolTotp } from '../../support/factors.ts';
import { nobodysId } from '../../support/ids.ts';
import { expectProblem } from '../../support/problems.ts';

describe('listUserFactors', () => {
  const app = useApp();
  const list = (token: string, id: string) => app.send('get', `/users/${id}/factors`, { token });

  it('shows an administrator what the user sees, and no secret', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    const phone = await addTotp(app, ada, 'Phone');
    await enrolTotp(app, ada, 'Watch');

    const { body, bytes } = await list(admin.accessToken, ada.id);

    const own = await app.send('get', '/auth/factors', { token: ada.accessToken });
    expect(body).to.deep.equal(own.body);
    expect((body.items as { name: string }[]).map(({ name }) => name)).to.deep.equal(['Phone']);
    for (const secret of [phone.secret, ...phone.recoveryCodes]) expect(bytes.toString()).not.to.include(secret);
  });

  it('is empty for a user who has none', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

    expect((await list(admin.accessToken, ada.id)).body).to.deep.equal({ items: [], recovery_codes_left: 0 });
  });

  it('finds no user who does not exist or was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    for (const id of [nobodysId, ada.id]) expectProblem(await list(admin.accessToken, id), 404, 'not_found');
  });

  it('is for administrators only, oneself included', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];

    for (const { accessToken } of [moderator, ada]) expectProblem(await list(accessToken, ada.id), 403, 'forbidden');
  });
});
