/** JPEG (ITU-T T.81): frame, tables and scans are kept, and what JFIF and Adobe say about the colours. */
import { damaged, type Picture } from '../picture.ts';
import { orientationOf, tiffOf, upright } from './orientation.ts';

const soi = Buffer.from([0xff, 0xd8]);
const eoi = Buffer.from([0xff, 0xd9]);
// A viewer decodes the whole picture for each scan of a progressive one; usual are ten.
const mostScans = 64;

const dht = 0xc4;
const sos = 0xda;
const dqt = 0xdb;
const dri = 0xdd;
const app0 = 0xe0;
const app1 = 0xe1;
const app14 = 0xee;
/** Baseline, extended and progressive; browsers show no others. */
const frames = [0xc0, 0xc1, 0xc2];
const otherFrames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xdc, 0xde, 0xdf];

interface Segment {
  readonly code: number;
  readonly data: Buffer;
  /** With its marker and length, and for a scan with its data. */
  readonly whole: Buffer;
}

/** Reads a JPEG, whose first bytes were checked, and rewrites it. Throws a RefusedPicture. */
export function readJpeg(bytes: Buffer): Omit<Picture, 'mediaType'> {
  let size: { width: number; height: number } | undefined;
  let orientation = upright;
  let scans = 0;
  const colours: Buffer[] = [];
  const image: Buffer[] = [];
  for (const { code, data, whole } of segmentsOf(bytes)) {
    if (otherFrames.includes(code)) throw damaged('it is of a kind that browsers do not show');
    if (frames.includes(code)) {
      if (size) throw damaged('there are two frames');
      size = sizeOf(data);
    }
    if (code === app1 && data.toString('latin1', 0, 6) === 'Exif\0\0') orientation = orientationOf(data.subarray(6));
    if (code === app0 || code === app14) colours.push(...ofColours(code, data));
    if (code === sos) {
      scans += 1;
      if (!size || scans > mostScans) throw damaged('there is a scan without a frame, or too many');
    }
    if (frames.includes(code) || [dht, dqt, dri, sos].includes(code)) image.push(whole);
  }
  if (!size || scans === 0) throw damaged('there is no image data');
  const turned = orientation === upright ? [] : [segment(app1, Buffer.concat([exif, tiffOf(orientation)]))];
  return { ...size, bytes: Buffer.concat([soi, ...colours, ...turned, ...image, eoi]) };
}

const exif = Buffer.from('Exif\0\0', 'latin1');

/** All segments up to the end of the image, which ends the file. */
function* segmentsOf(bytes: Buffer): Generator<Segment> {
  let at = soi.length;
  for (;;) {
    if (bytes[at] !== 0xff) throw damaged('there is no marker where one belongs');
    // Any number of 0xFF may fill the space before a marker.
    while (bytes[at + 1] === 0xff) at += 1;
    const code = bytes[at + 1] ?? 0;
    if (code === eoi[1]) break;
    if (code < 0xc0 || (code >= 0xd0 && code <= 0xd9)) throw damaged('there is a marker that does not belong there');
    if (at + 4 > bytes.length) throw damaged('it ends within a segment');
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw damaged('a segment is longer than the file');
    const next = code === sos ? endOfScan(bytes, end) : end;
    yield { code, data: bytes.subarray(at + 4, end), whole: bytes.subarray(at, next) };
    at = next;
  }
  if (at + eoi.length < bytes.length) throw damaged('it goes on after its end');
}

/** Where the next marker is; within a scan, 0xFF is followed by zero, by a restart marker or by another 0xFF. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
  throw damaged('it ends within a scan');
}

function sizeOf(frame: Buffer): { width: number; height: number } {
  const [precision, , , , , components = 0] = frame;
  const isKnown = precision === 8 && components >= 1 && components <= 4 && frame.length === 6 + 3 * components;
  if (!isKnown) throw damaged('the frame has a value that browsers do not know');
  return { height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) };
}

/** JFIF without resolution and thumbnail, or Adobe's transformation of colours. */
function ofColours(code: number, data: Buffer): Buffer[] {
  if (code === app0 && data.length >= 14 && data.toString('latin1', 0, 5) === 'JFIF\0') {
    return [segment(app0, Buffer.from([...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]))];
  }
  if (code === app14 && data.length >= 12 && data.toString('latin1', 0, 5) === 'Adobe') {
    return [segment(app14, Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, data[11] ?? 0]))];
  }
  return [];
}

function segment(code: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
