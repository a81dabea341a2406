/** WebP (RFC 9649): the image and its transparency are kept. */
import { damaged, RefusedPicture, type Picture } from '../picture.ts';
import { orientationOf, tiffOf, upright } from './orientation.ts';

const headLength = 12;
const hasExif = 0x08;
const hasAlpha = 0x10;
const isAnimated = 0x02;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly isTransparent: boolean;
}

/** Reads a WebP, whose first twelve bytes were checked, and rewrites it. Throws a RefusedPicture. */
export function readWebp(bytes: Buffer): Omit<Picture, 'mediaType'> {
  let canvas: Buffer | undefined;
  let alpha: Chunk | undefined;
  let image: Chunk | undefined;
  let orientation = upright;
  let place = 0;
  for (const chunk of chunksOf(bytes)) {
    const { type, data } = chunk;
    place += 1;
    if (place === 1 && !['VP8 ', 'VP8L', 'VP8X'].includes(type)) throw damaged('it begins with another chunk');
    if (place > 1 && (type === 'VP8X' || canvas === undefined)) throw damaged('there is a chunk too many');
    if (type === 'VP8X') canvas = data;
    if (type === 'ANIM' || type === 'ANMF' || (type === 'VP8X' && ((data[0] ?? 0) & isAnimated) !== 0)) {
      throw new RefusedPicture('picture_animated', `there is ${type}`);
    }
    if (type === 'EXIF') orientation = orientationOf(withoutPrefix(data));
    if (type === 'ALPH') {
      if (alpha || image) throw damaged('ALPH is there twice, or after the image');
      alpha = chunk;
    }
    if (type === 'VP8 ' || type === 'VP8L') {
      if (image) throw damaged('there are two images');
      image = chunk;
    }
  }
  if (!image || (alpha && image.type === 'VP8L')) throw damaged('there is no image, or ALPH beside VP8L');
  const frame = image.type === 'VP8 ' ? lossy(image.data) : lossless(image.data);
  if (canvas && !isOf(canvas, frame)) throw damaged('the canvas and the image differ');
  const { width, height } = frame;
  const isTransparent = alpha !== undefined || frame.isTransparent;
  const isTurned = orientation !== upright;
  const parts = [
    ...(alpha || isTurned ? [extended(frame, (isTransparent ? hasAlpha : 0) | (isTurned ? hasExif : 0))] : []),
    ...(alpha ? [written(alpha)] : []),
    written(image),
    ...(isTurned ? [written({ type: 'EXIF', data: tiffOf(orientation) })] : []),
  ];
  return { width, height, bytes: file(parts) };
}

/** All chunks; the length of the file is the one that it says. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  if (bytes.readUInt32LE(4) + 8 !== bytes.length) throw damaged('it is longer or shorter than it says');
  let at = headLength;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw damaged('it ends within a chunk');
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > bytes.length) throw damaged('a chunk is longer than the file');
    yield { type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) };
    at = end;
  }
}

/** The header of a key frame of VP8 (RFC 6386, section 9.1). */
function lossy(data: Buffer): Frame {
  if (data.length < 10 || data.toString('hex', 3, 6) !== '9d012a') throw damaged('VP8 has another header');
  const tag = data.readUIntLE(0, 3);
  if ((tag & 1) !== 0 || tag >> 5 > data.length - 10) throw damaged('VP8 is no key frame, or cut off');
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff, isTransparent: false };
}

function lossless(data: Buffer): Frame {
  if (data.length < 6 || data[0] !== 0x2f) throw damaged('VP8L has another header');
  const bits = data.readUInt32LE(1);
  if (bits >>> 29 !== 0) throw damaged('VP8L has another version');
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isTransparent: ((bits >>> 28) & 1) === 1 };
}

function isOf(canvas: Buffer, { width, height }: Frame): boolean {
  return canvas.length === 10 && canvas.readUIntLE(4, 3) + 1 === width && canvas.readUIntLE(7, 3) + 1 === height;
}

function extended({ width, height }: Frame, flags: number): Buffer {
  const data = Buffer.alloc(10);
  data[0] = flags;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return written({ type: 'VP8X', data });
}

// Some writers put JPEG's prefix before the metadata.
function withoutPrefix(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
}

function written({ type, data }: Chunk): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function file(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
