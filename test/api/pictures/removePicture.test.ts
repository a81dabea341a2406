import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { setPicture } from '../../support/pictures.ts';
import { expectProblem } from '../../support/problems.ts';

describe('removePicture', () => {
  const app = useApp();
  const remove = (token: string) => app.send('delete', '/auth/me/picture', { token });

  it('removes the picture, of which nothing is left', async () => {
    const ada = await app.signIn();
    await setPicture(app, ada);

    expect((await remove(ada.accessToken)).status).to.equal(204);

    expectProblem(await app.send('get', '/auth/me/picture', { token: ada.accessToken }), 404, 'not_found');
    expect((await app.send('get', '/auth/me', { token: ada.accessToken })).body).not.to.have.property('picture_etag');
    expect(await app.context.database.pool('pictures').where({ user_id: ada.id })).to.deep.equal([]);
    expect((await eventsOf(app, ada.id)).at(-1)).to.include({ type: 'user.picture_removed', actor_id: ada.id });
  });

  it('changes nothing if there is none', async () => {
    const ada = await app.signIn();
    const { body: before } = await app.send('get', '/auth/me', { token: ada.accessToken });

    expect((await remove(ada.accessToken)).status).to.equal(204);

    expect((await app.send('get', '/auth/me', { token: ada.accessToken })).body).to.deep.equal(before);
    expect((await eventsOf(app, ada.id)).map(({ type }) => type)).not.to.include('user.picture_removed');
  });

  it('leaves the pictures of others', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    await setPicture(app, ada);

    await remove(grace.accessToken);

    expect((await app.send('get', '/auth/me/picture', { token: ada.accessToken })).status).to.equal(200);
  });
});
