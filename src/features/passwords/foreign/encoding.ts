/**
 * The bytes of base64 text, padded or not, also with `.` for `+` as passlib writes it; `undefined` if it is something else, or has
 * fewer or more bytes.
 */
export function bytesOf(text: string, least: number, most: number): Buffer | undefined {
  if (!/^[A-Za-z0-9+/.]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text.replaceAll('.', '+'), 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replaceAll('.', '+').replace(/=+$/, '');
  return isWhole && bytes.length >= least && bytes.length <= most ? bytes : undefined;
}
