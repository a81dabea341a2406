/**
 * Decodes base64, padded or not, also with `.` for `+` as passlib writes it; `undefined` for anything else, and for fewer than `min` or more
 * than `max` bytes.
 */
export function bytesOf(text: string, min: number, max: number): Buffer | undefined {
  if (!/^[A-Za-z0-9+/.]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text.replaceAll('.', '+'), 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replaceAll('.', '+').replace(/=+$/, '');
  return isWhole && bytes.length >= min && bytes.length <= max ? bytes : undefined;
}
