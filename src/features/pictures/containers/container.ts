import { damaged, mostPixelsASide, RefusedPicture, type MediaType, type Picture } from '../picture.ts';
import { readJpeg } from './jpeg.ts';
import { pngSignature, readPng } from './png.ts';
import { readWebp } from './webp.ts';

type Read = (bytes: Buffer) => Omit<Picture, 'mediaType'>;

const readers: Readonly<Record<MediaType, Read>> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
};

/**
 * Reads a picture of a type and rewrites its container with only what is needed to show it (ASVS 5.2.2, 14.2.8). Pixels are not decoded, so
 * that none can exhaust memory, and it takes time linear in the length. Throws a RefusedPicture.
 */
export function readPicture(bytes: Buffer, mediaType: MediaType): Picture {
  if (typeOf(bytes) !== mediaType) throw new RefusedPicture('picture_type', 'the bytes are of another type');
  const picture = readers[mediaType](bytes);
  const sides = [picture.width, picture.height];
  if (Math.min(...sides) < 1) throw damaged('it has no pixels');
  if (Math.max(...sides) > mostPixelsASide) throw new RefusedPicture('picture_dimensions', 'it has too many pixels');
  return { mediaType, ...picture };
}

/** The type that the first bytes tell (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern). */
function typeOf(bytes: Buffer): MediaType | undefined {
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'image/png';
  if (bytes.toString('hex', 0, 3) === 'ffd8ff') return 'image/jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}
