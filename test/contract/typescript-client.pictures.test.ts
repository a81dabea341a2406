import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { aPng, pictures } from '../support/pictures.ts';
import { useConsumer } from './client-consumer.ts';

describe('the TypeScript client', () => {
  const { signedIn, expectProblemError } = useConsumer(useApp());

  it('sets, gets and removes a picture, whose type it tells by the bytes and not by the name of the file', async () => {
    const { client: latchkey } = await signedIn();
    for (const [bytes, type] of [
      [aPng(), 'image/png'],
      [pictures.progressive, 'image/jpeg'],
      [pictures.webpLossless, 'image/webp'],
    ] as const) {
      await latchkey.setPicture(new File([Uint8Array.from(bytes)], 'me.gif', { type: 'image/gif' }));

      const picture = await latchkey.getPicture();
      expect([picture.type, picture.size > 0]).to.deep.equal([type, true]);
      const { id } = await latchkey.getCurrentUser();
      expect(await (await latchkey.getUserPicture(id)).text()).to.equal(await picture.text());
    }

    expect(await latchkey.removePicture()).to.equal(undefined);
    await expectProblemError(latchkey.getPicture(), 404, 'not_found');
    await expectProblemError(
      latchkey.setPicture(new Blob(['<svg/>'], { type: 'image/svg+xml' })),
      415,
      'unsupported_media_type',
    );
  });
});
