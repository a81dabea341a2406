/** Pictures of three by two pixels, as cameras and programs write them, and PNGs of any size. */
import { crc32, deflateSync } from 'node:zlib';
import type { SignedIn, TestApp } from './app.ts';

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** What others wrote (Pillow 13). */
export const pictures = {
  /** Taken on its side, with Exif, XMP and a comment. */
  jpeg: fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QBWRXhpZgAATU0AKgAAAAgAAwEPAAIAAAAOAAAAMgESAAMAAAABAAYAAJKGAAIAAAANAAAAQAAAAABN' +
      'YXJrZXIgQ2FtZXJhAHNlY3JldCBwbGFjZQAA/+EAPGh0dHA6Ly9ucy5hZG9iZS5jb20veGFwLzEuMC8APHg6eG1wbWV0YT5zZWNyZXQ8L3g6' +
      'eG1wbWV0YT7//gASYSBzZWNyZXQgY29tbWVudP/bAEMAGxIUFxQRGxcWFx4cGyAoQisoJSUoUTo9MEJgVWVkX1VdW2p4mYFqcZBzW12FtYaQ' +
      'nqOrratngLzJuqbHmairpP/bAEMBHB4eKCMoTisrTqRuXW6kpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk' +
      'pKSkpP/AABEIAAIAAwMBIgACEQEDEQH/xAAVAAEBAAAAAAAAAAAAAAAAAAAAAv/EAB0QAAECBwAAAAAAAAAAAAAAAAABAwIEExQhUVL/xAAV' +
      'AQEBAAAAAAAAAAAAAAAAAAAEBf/EABsRAAIBBQAAAAAAAAAAAAAAAAABAgMyM3Gx/9oADAMBAAIRAxEAPwCJ5lq7cSnBheU0ACzQxR0uCoWo' +
      '/9k=',
  ),
  /** A progressive JPEG. */
  progressive: fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8' +
      'ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wgAR' +
      'CAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAVAQEBAAAAAAAAAAAAAAAAAAADBP/aAAwDAQACEAMQAAABkWL/AP/E' +
      'ABYQAQEBAAAAAAAAAAAAAAAAAAECEv/aAAgBAQABBQKw1//EABYRAAMAAAAAAAAAAAAAAAAAAAABMf/aAAgBAwEBPwFQ/8QAFxEAAwEAAAAA' +
      'AAAAAAAAAAAAAAECMv/aAAgBAgEBPwGMo//EABYQAAMAAAAAAAAAAAAAAAAAAAABIf/aAAgBAQAGPwJw/8QAFhAAAwAAAAAAAAAAAAAAAAAA' +
      'ADGR/9oACAEBAAE/IVpD/9oADAMBAAIAAwAAABD7/8QAFREBAQAAAAAAAAAAAAAAAAAAADH/2gAIAQMBAT8Qk//EABcRAAMBAAAAAAAAAAAA' +
      'AAAAAAABobH/2gAIAQIBAT8QmWH/xAAYEAACAwAAAAAAAAAAAAAAAAAAUQERMf/aAAgBAQABPxCjYyiP/9k=',
  ),
  /** Taken on its side, with Exif and XMP. */
  webpLossy: fromBase64(
    'UklGRtIAAABXRUJQVlA4WAoAAAAMAAAAAgAAAQAAVlA4IDgAAACwAQCdASoDAAIAB0CWJagCdAEOJBMAAM4yisEutuq64l8+vUGPn/Q/Ll5Q' +
      'IP+f9B/xwcj/xyhAAEVYSUZOAAAATU0AKgAAAAgAAwEPAAIAAAAOAAAAMgESAAMAAAABAAYAAJKGAAIAAAANAAAAQAAAAABNYXJrZXIgQ2Ft' +
      'ZXJhAHNlY3JldCBwbGFjZQAAWE1QIB0AAAA8eDp4bXBtZXRhPnNlY3JldDwveDp4bXBtZXRhPgA=',
  ),
  /** A simple file. */
  webpLossless: fromBase64('UklGRjQAAABXRUJQVlA4TCgAAAAvAkAAAC8gEEjaH3qN+RcQFPk/2vwHH0QCg0K2EeDQvQSncBH9j2MF'),
  /** With transparency in a chunk of its own. */
  webpAlpha: fromBase64(
    'UklGRmoAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAABP//////AFZQOCA8AAAAMAIAnQEqAwACAAdAliWoAnRHAGSAAs2e2VIA' +
      'zjKgk2qOyKc6b5Mp2n0vy5eULOi+k8J5kF9i4gHYAAAA',
  ),
  /** Two frames. */
  webpAnimated: fromBase64(
    'UklGRqwAAABXRUJQVlA4WAoAAAACAAAAAgAAAQAAQU5JTQYAAAAAAAAAAABBTk1GPAAAAAAAAAAAAAIAAAEAAAAAAAJWUDhMJAAAAC8CQAAA' +
      'LyAQSNofeo353//5Dx5UaEAh2whwavcYHMNF9D/GC0FOTUY8AAAAAAAAAAAAAgAAAQAAAAAAAFZQOEwjAAAALwJAAAAvIBBI2h96jfnf//kP' +
      'HlRoQE3bBmyo8y+IRvQ/3hkA',
  ),
  /** Two frames. */
  apng: fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACGFjVEwAAAACAAAAAPONk3AAAAAaZmNUTAAAAAAAAAADAAAAAgAAAAAAAAAA' +
      'AAAAAQAADoOaCQAAABhJREFUeJxj+M/AwPCfgYHhPxOE+s/AAAA77AX9WD68RwAAABpmY1RMAAAAAQAAAAMAAAACAAAAAAAAAAAAAAABAACV' +
      '8HDdAAAAGmZkQVQAAAACeJwFwQEBAAAAgBD/TxeSKkhiaKsI+IPeMoMAAAAASUVORK5CYII=',
  ),
};

/** A chunk of a PNG. */
export function pngChunk(type: string, data: Buffer | string = ''): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data as string, 'latin1')]);
  const whole = Buffer.alloc(typed.length + 8);
  whole.writeUInt32BE(typed.length - 4);
  typed.copy(whole, 4);
  whole.writeUInt32BE(crc32(typed), typed.length + 4);
  return whole;
}

export const pngSignature = fromBase64('iVBORw0KGgo=');

/** A header of a PNG in grey, with a byte for each pixel. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return pngChunk('IHDR', header);
}

/** A grey PNG; `more` are chunks before the image data. */
export function aPng({ width = 3, height = 2, grey = 128, more = [] as readonly Buffer[] } = {}): Buffer {
  const rows = Buffer.alloc((width + 1) * height, grey);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  const data = pngChunk('IDAT', deflateSync(rows));
  return Buffer.concat([pngSignature, pngHeader(width, height), ...more, data, pngChunk('IEND')]);
}

/** A chunk of a WebP. */
export function webpChunk(type: string, data: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(data as string, 'latin1');
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}

/** A WebP of these chunks. */
export function webpOf(...chunks: readonly Buffer[]): Buffer {
  return webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

/** A segment of a JPEG. */
export function jpegSegment(code: number, data: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(data as string, 'latin1');
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

export const png = { 'Content-Type': 'image/png' };

/** Sets somebody's picture; returns its entity tag. */
export async function setPicture(app: TestApp, { accessToken }: SignedIn, raw = aPng()): Promise<string> {
  const { status, headers } = await app.send('put', '/auth/me/picture', { token: accessToken, headers: png, raw });
  if (status !== 204) throw new Error(`setting a picture was answered ${status}`);
  return headers['etag'] ?? '';
}

/** Stores a picture of somebody who may not be allowed to set it. */
export async function storePicture({ context }: TestApp, { id }: Pick<SignedIn, 'id'>): Promise<void> {
  const { pool } = context.database;
  const tag = 'Zq1pnDNWO-0Kw0cGYbeM5w';
  const picture = { tag, media_type: 'image/png', width: 3, height: 2, bytes: aPng() };
  await pool('pictures').insert({ user_id: id, ...picture });
  await pool('users').where({ id }).update({ picture_tag: tag });
}
