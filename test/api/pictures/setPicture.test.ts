import { expect } from 'chai';
import { request as sendRequest } from 'node:http';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { aPng, pictures, pngChunk, setPicture } from '../../support/pictures.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('setPicture', () => {
  const app = useApp();
  const set = (token: string, raw: Buffer | string, type = 'image/png') =>
    app.send('put', '/auth/me/picture', { token, raw, headers: { 'Content-Type': type } });
  const get = (token: string) => app.send('get', '/auth/me/picture', { token });
  const me = async (token: string) => (await app.send('get', '/auth/me', { token })).body as Record<string, unknown>;

  for (const [type, raw] of [
    ['image/png', aPng()],
    ['image/jpeg', pictures.progressive],
    ['image/webp', pictures.webpLossless],
    ['IMAGE/WebP; q=1', pictures.webpLossless],
  ] as const) {
    it(`sets a picture of the type ${type}, which the account then names`, async () => {
      const { accessToken } = await app.signIn();

      const { status, headers } = await set(accessToken, raw, type);

      expect(status).to.equal(204);
      expect(headers['etag']).to.equal((await me(accessToken))['picture_etag']);
      const shown = await get(accessToken);
      expect(shown.headers['content-type']).to.equal(type.toLowerCase().split(';')[0]);
      expect(shown.headers['etag']).to.equal(headers['etag']);
    });
  }

  it('replaces the picture before, and its entity tag', async () => {
    const ada = await app.signIn();
    const before = await setPicture(app, ada);

    const after = await setPicture(app, ada, aPng({ grey: 7 }));

    expect(after).not.to.equal(before);
    expect((await get(ada.accessToken)).bytes).to.deep.equal(aPng({ grey: 7 }));
  });

  it('stores nothing of what a camera wrote beside the pixels', async () => {
    const { id, accessToken } = await app.signIn();

    expect((await set(accessToken, pictures.jpeg, 'image/jpeg')).status).to.equal(204);

    const row = (await app.context.database.pool('pictures').where({ user_id: id }).first()) as { bytes: Buffer };
    expect(row.bytes.toString('latin1')).not.to.match(/secret|Marker|xmp/);
    expect((await get(accessToken)).bytes).to.deep.equal(row.bytes);
  });

  it('changes the version of the user, as what others see of them changes', async () => {
    const { accessToken } = await app.signIn();
    const before = await me(accessToken);

    await set(accessToken, aPng());

    const after = await me(accessToken);
    expect(after['etag']).not.to.equal(before['etag']);
    expect(after['updated_at']).not.to.equal(before['updated_at']);
  });

  it('changes nothing if it is the same picture, even with other metadata', async () => {
    const ada = await app.signIn();
    await setPicture(app, ada);
    const before = await me(ada.accessToken);

    await setPicture(app, ada, aPng({ more: [pngChunk('tEXt', 'Comment\0again')] }));

    expect(await me(ada.accessToken)).to.deep.equal(before);
    expect((await eventsOf(app, ada.id)).filter(({ type }) => type === 'user.picture_changed')).to.have.length(1);
  });

  it('is in the audit trail, with who did it and from where', async () => {
    const ada = await app.signIn();
    await setPicture(app, ada);

    const last = (await eventsOf(app, ada.id)).at(-1);
    expect(last).to.include({ type: 'user.picture_changed', outcome: 'success', actor_id: ada.id });
  });

  it('keeps one of several pictures that are set at once, with its own entity tag', async () => {
    const ada = await app.signIn();
    const sent = Array.from({ length: 8 }, (_, grey) => aPng({ grey }));

    const answers = await Promise.all(sent.map((raw) => set(ada.accessToken, raw)));

    const { bytes, headers } = await get(ada.accessToken);
    const kept = answers[sent.findIndex((raw) => raw.equals(bytes))];
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(8).fill(204));
    expect(headers['etag']).to.equal(kept?.headers['etag']);
    expect((await me(ada.accessToken))['picture_etag']).to.equal(headers['etag']);
  });

  for (const [what, raw, type, rule] of [
    ['an SVG that calls itself a PNG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/png', 'picture_type'],
    ['a page that calls itself a JPEG', '<!doctype html><script>alert(1)</script>', 'image/jpeg', 'picture_type'],
    ['a JPEG that calls itself a PNG', pictures.jpeg, 'image/png', 'picture_type'],
    ['a PNG with a page behind it', Buffer.concat([aPng(), Buffer.from('<html>')]), 'image/png', 'picture_damaged'],
    ['half a JPEG', pictures.jpeg.subarray(0, 300), 'image/jpeg', 'picture_damaged'],
    ['a PNG that is too wide', aPng({ width: 4097, height: 1 }), 'image/png', 'picture_dimensions'],
    ['an animated WebP', pictures.webpAnimated, 'image/webp', 'picture_animated'],
    ['nothing', Buffer.alloc(0), 'image/png', 'required'],
  ] as const) {
    it(`refuses ${what}, and keeps the picture before`, async () => {
      const ada = await app.signIn();
      const before = await setPicture(app, ada);

      const answer = await set(ada.accessToken, raw, type);

      expect(answer.status).to.equal(400);
      expect(brokenRules(answer)).to.deep.equal([`/body ${rule}`]);
      expect((await get(ada.accessToken)).headers['etag']).to.equal(before);
    });
  }

  for (const type of [
    'image/svg+xml',
    'image/gif',
    'image/avif',
    'text/html',
    'application/octet-stream',
    'application/json',
    'multipart/form-data; boundary=x',
    'image/*',
    'image/png, image/jpeg',
    'png',
    `image/png; ${'x'.repeat(2000)}`,
  ]) {
    it(`refuses the type ${type.slice(0, 40)}`, async () => {
      const { accessToken } = await app.signIn();

      const answer = await set(accessToken, aPng(), type);

      expectProblem(answer, 415, 'unsupported_media_type');
      expect(answer.body.detail).to.equal('Send the body as image/jpeg, image/png or image/webp.');
    });
  }

  it('refuses a body without a type, and one that is compressed: neither says how much there is to read', async () => {
    const { accessToken: token } = await app.signIn();
    const coded = { 'Content-Type': 'image/png', 'Content-Encoding': 'gzip' };

    const answers = [
      await app.send('put', '/auth/me/picture', { token }),
      await app.send('put', '/auth/me/picture', { token, raw: aPng(), headers: coded }),
    ];

    for (const answer of answers) expectProblem(answer, 415, 'unsupported_media_type');
  });

  it('takes 512 KB, and not a byte more', async () => {
    const { accessToken } = await app.signIn();
    const padded = (bytes: number) => aPng({ more: [pngChunk('prVt', 'x'.repeat(bytes - aPng().length - 12))] });
    expect(padded(524_288)).to.have.length(524_288);

    const [whole, larger] = [await set(accessToken, padded(524_288)), await set(accessToken, padded(524_289))];

    expect(whole.status).to.equal(204);
    expectProblem(larger, 413, 'content_too_large');
    expect(larger.body.detail).to.equal('A body may have at most 524288 bytes.');
    expect((await get(accessToken)).bytes).to.deep.equal(aPng());
  });

  it('refuses a body in chunks as soon as it is too large, and takes one that is not', async () => {
    const { accessToken } = await app.signIn();
    const inChunks = (chunks: readonly Buffer[]) =>
      new Promise<number>((resolve, reject) => {
        const request = sendRequest(
          `${app.origin}/api/v1/auth/me/picture`,
          { method: 'PUT', headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'image/png' } },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        request.on('error', reject);
        for (const chunk of chunks) request.write(chunk);
        // The end of a body that is too large never comes.
        if (chunks.length < 10) request.end();
      });

    expect(await inChunks([aPng().subarray(0, 20), aPng().subarray(20)])).to.equal(204);
    expect(await inChunks(Array<Buffer>(10).fill(Buffer.alloc(64 * 1024)))).to.equal(413);
  });

  it('reads no picture of somebody who is not signed in', async () => {
    expectProblem(await set('made-up', Buffer.alloc(600_000)), 401, 'invalid_token');
  });
});
