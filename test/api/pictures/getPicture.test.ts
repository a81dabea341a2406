import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { aPng, pictures, setPicture } from '../../support/pictures.ts';
import { expectProblem } from '../../support/problems.ts';

describe('getPicture and getUserPicture', () => {
  const app = useApp();
  const get = (token: string, path = '/auth/me/picture', headers = {}) => app.send('get', path, { token, headers });

  for (const [type, raw] of [
    ['image/png', aPng()],
    ['image/jpeg', pictures.progressive],
    ['image/webp', pictures.webpLossless],
  ] as const) {
    it(`show ${type}, so that a browser takes it for nothing else and runs nothing in it`, async () => {
      const { id, accessToken: token } = await app.signIn();
      await app.send('put', '/auth/me/picture', { token, raw, headers: { 'Content-Type': type } });

      for (const path of ['/auth/me/picture', `/users/${id}/picture`]) {
        const { status, headers, bytes } = await get(token, path);

        expect(status).to.equal(200);
        expect(headers).to.include({
          'content-type': type,
          'content-length': String(bytes.length),
          'content-disposition': 'inline',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-cache',
          'cross-origin-resource-policy': 'same-origin',
        });
        expect(bytes.length).to.be.within(1, raw.length);
      }
    });
  }

  it('answer 304 as long as the picture is the same, and then show the new one', async () => {
    const ada = await app.signIn();
    const etag = await setPicture(app, ada);
    const ask = (path?: string) => get(ada.accessToken, path, { 'If-None-Match': `"other", ${etag}` });

    for (const path of ['/auth/me/picture', `/users/${ada.id}/picture`]) {
      const { status, headers, bytes } = await ask(path);
      expect(status).to.equal(304);
      expect(headers).to.include({ etag, 'cache-control': 'private, no-cache' });
      expect(bytes).to.have.length(0);
    }

    await setPicture(app, ada, aPng({ grey: 1 }));
    expect((await ask()).bytes).to.deep.equal(aPng({ grey: 1 }));
  });

  it('answer 304 to fetch, which asks caches for nothing old once a page names an entity tag', async () => {
    const ada = await app.signIn();
    const etag = await setPicture(app, ada);

    const { status } = await fetch(`${app.origin}/api/v1/auth/me/picture`, {
      headers: { Authorization: `Bearer ${ada.accessToken}`, 'If-None-Match': `W/${etag}` },
    });

    expect(status).to.equal(304);
  });

  it('never show a picture from a cache to somebody else', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const etag = await setPicture(app, ada);

    expectProblem(await get(grace.accessToken, undefined, { 'If-None-Match': etag }), 404, 'not_found');
  });

  it('say that there is none', async () => {
    const { id, accessToken } = await app.signIn();

    const [own, byId] = [await get(accessToken), await get(accessToken, `/users/${id}/picture`)];

    expectProblem(own, 404, 'not_found');
    expectProblem(byId, 404, 'not_found');
    expect([own.body.detail, byId.body.detail]).to.deep.equal(['You have no picture.', 'This user has no picture.']);
  });

  it('show pictures of others to moderators only, as they do users', async () => {
    const [ada, grace, moderator] = [await app.signIn(), await app.signIn(), await app.signIn('moderator')];
    await setPicture(app, ada);
    const path = `/users/${ada.id}/picture`;

    expectProblem(await get(grace.accessToken, path), 403, 'forbidden');
    expect((await get(moderator.accessToken, path)).bytes).to.deep.equal(aPng());
    const { body } = await app.send('get', '/users', { token: moderator.accessToken, query: { search: ada.email } });
    const [listed] = body.items as { picture_etag?: string }[];
    expect(listed?.picture_etag).to.equal((await get(ada.accessToken)).headers['etag']);
  });

  it('show none of a user who was deleted, and it again once they are restored', async () => {
    const [ada, admin] = [await app.signIn(), await app.signIn('admin')];
    await setPicture(app, ada);
    const path = `/users/${ada.id}/picture`;

    await app.send('delete', `/users/${ada.id}`, { token: admin.accessToken });
    const deleted = await get(admin.accessToken, path);
    await app.send('post', `/users/${ada.id}/restore`, { token: admin.accessToken });

    expectProblem(deleted, 404, 'not_found');
    expect((await get(admin.accessToken, path)).bytes).to.deep.equal(aPng());
  });

  it('have the length of the picture in the answer to HEAD', async () => {
    const ada = await app.signIn();
    await setPicture(app, ada);

    const { status, headers, bytes } = await app.send('head', '/auth/me/picture', { token: ada.accessToken });

    expect([status, headers['content-length'], bytes.length]).to.deep.equal([200, String(aPng().length), 0]);
  });
});
