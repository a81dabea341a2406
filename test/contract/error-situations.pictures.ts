import type { TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { nobodysId } from '../support/ids.ts';
import { aPng } from '../support/pictures.ts';

/** What goes wrong with pictures, by `<response>: <example>`. */
export function pictureSituations(app: TestApp): Record<string, () => Promise<Answer>> {
  const sendPicture = async (raw: Buffer, type = 'image/png') => {
    const { accessToken: token } = await app.signIn('user');
    return app.send('put', '/auth/me/picture', { token, raw, headers: { 'Content-Type': type } });
  };
  const pictureOf = async (id: string) => {
    const { accessToken: token } = await app.signIn('moderator');
    return app.send('get', `/users/${id}/picture`, { token });
  };

  return {
    'BadRequestPicture: picture_type': () => sendPicture(Buffer.from('<!doctype html><script>alert(1)</script>')),
    'BadRequestPicture: picture_dimensions': () => sendPicture(aPng({ width: 4097, height: 1 })),
    'PictureTooLarge: content_too_large': () => sendPicture(Buffer.alloc(524_289)),
    'UnsupportedPicture: unsupported_media_type': () => sendPicture(Buffer.from('<svg/>'), 'image/svg+xml'),
    async 'PictureNotFound: not_found'() {
      return app.send('get', '/auth/me/picture', { token: (await app.signIn('user')).accessToken });
    },
    'UserPictureNotFound: no_user': () => pictureOf(nobodysId),
    async 'UserPictureNotFound: no_picture'() {
      return pictureOf((await app.signIn('user')).id);
    },
  };
}
