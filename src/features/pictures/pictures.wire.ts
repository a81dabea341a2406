import type { components } from '../../../generated/openapi.ts';
import { pictureEntityTag } from '../../http/entity-tags.ts';
import type { StoredPicture } from './picture.ts';

/** The reply that shows a picture. Whatever a browser takes it for, nothing in it runs (ASVS 3.2.1). */
export function shown({ tag, mediaType, bytes }: StoredPicture) {
  const headers = {
    // A browser asks each time, so that a removed picture is gone, and another user of it sees their own.
    'Cache-Control': 'private, no-cache',
    'Content-Disposition': 'inline',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    ETag: pictureEntityTag(tag),
  };
  return { status: 200, headers, body: { mediaType, bytes } } as const;
}

/** A picture as an export has it. */
export function toKeptPicture(picture: StoredPicture): components['schemas']['KeptPicture'] {
  return {
    media_type: picture.mediaType,
    width: picture.width,
    height: picture.height,
    changed_at: picture.changedAt.toISOString(),
    data: picture.bytes.toString('base64'),
  };
}
