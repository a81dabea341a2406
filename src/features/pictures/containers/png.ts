/** PNG (W3C, third edition): the header, the palette, transparency and the image data are kept. */
import { crc32 } from 'node:zlib';
import { damaged, RefusedPicture, type Picture } from '../picture.ts';
import { orientationOf, tiffOf, upright } from './orientation.ts';

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Bit depths by colour type. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const ofAnimation = ['acTL', 'fcTL', 'fdAT'];

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length, type and checksum. */
  readonly whole: Buffer;
}

/** Reads a PNG, whose signature was checked, and rewrites it. Throws a RefusedPicture. */
export function readPng(bytes: Buffer): Omit<Picture, 'mediaType'> {
  let size: { width: number; height: number } | undefined;
  let orientation = upright;
  const ahead: Buffer[] = [];
  const image: Buffer[] = [];
  for (const { type, data, whole } of chunksOf(bytes)) {
    if (!size !== (type === 'IHDR')) throw damaged('IHDR is not the first chunk, or not the only one');
    if (type === 'IHDR') size = sizeOf(data);
    if (ofAnimation.includes(type)) throw new RefusedPicture('picture_animated', `there is ${type}`);
    if (type === 'eXIf') orientation = orientationOf(data);
    if (!isKept(type)) continue;
    checkSum(whole);
    if (type === 'IDAT') image.push(whole);
    else if (type !== 'IEND' && image.length > 0) throw damaged(`${type} comes after IDAT`);
    else ahead.push(whole);
  }
  const end = ahead.pop();
  if (!size || !end || image.length === 0) throw damaged('there is no image data');
  const turned = orientation === upright ? [] : [chunk('eXIf', tiffOf(orientation))];
  return { ...size, bytes: Buffer.concat([pngSignature, ...ahead, ...turned, ...image, end]) };
}

/** All chunks, the last of which is IEND and ends the file. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  let at = pngSignature.length;
  for (;;) {
    if (at + 12 > bytes.length) throw damaged('it ends before IEND');
    const length = bytes.readUInt32BE(at);
    if (length > bytes.length - at - 12) throw damaged('a chunk is longer than the file');
    const type = bytes.toString('latin1', at + 4, at + 8);
    const whole = bytes.subarray(at, at + 12 + length);
    yield { type, data: whole.subarray(8, 8 + length), whole };
    at += whole.length;
    if (type === 'IEND') break;
  }
  if (at < bytes.length) throw damaged('it goes on after IEND');
}

function sizeOf(header: Buffer): { width: number; height: number } {
  if (header.length !== 13) throw damaged('IHDR has another length');
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = header.subarray(8);
  const isKnown = depths[colour]?.includes(depth) && compression === 0 && filter === 0 && interlace <= 1;
  if (!isKnown) throw damaged('IHDR has a value that PNG does not define');
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
}

/** Whether a chunk is needed to draw the picture. Throws if there is an unknown one that is. */
function isKept(type: string): boolean {
  if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) return true;
  if (!/^[a-z][A-Za-z]{3}$/.test(type)) throw damaged('there is a critical chunk that PNG does not define');
  return false;
}

function checkSum(whole: Buffer): void {
  const sum = whole.length - 4;
  if (crc32(whole.subarray(4, sum)) !== whole.readUInt32BE(sum)) throw damaged('a checksum is wrong');
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}
