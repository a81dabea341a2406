/** The one thing that is kept of Exif metadata: how the camera was held, since most photos would lie on their side without it. */

const tagOfOrientation = 0x0112;
const typeShort = 3;
/** Rows from the top, columns from the left. */
export const upright = 1;

/** The orientation, 1 to 8, in Exif's TIFF structure (CIPA DC-008, section 4.6.5); upright if it has none, or can't be read. */
export function orientationOf(tiff: Buffer): number {
  if (tiff.length < 8) return upright;
  const order = tiff.toString('latin1', 0, 4);
  const isLittle = order === 'II*\0';
  if (!isLittle && order !== 'MM\0*') return upright;
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return upright;
  const end = directory + 2 + short(directory) * 12;
  for (let entry = directory + 2; entry < end && entry + 12 <= tiff.length; entry += 12) {
    if (short(entry) !== tagOfOrientation) continue;
    const value = short(entry + 8);
    return short(entry + 2) === typeShort && value >= 1 && value <= 8 ? value : upright;
  }
  return upright;
}

/** A TIFF structure that has the orientation and nothing else. */
export function tiffOf(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(tagOfOrientation, 10);
  tiff.writeUInt16BE(typeShort, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
