/**
 * The URL to return to: an address of this site, or of a listed origin. Anything else is refused by returning `undefined`: another
 * scheme, a listed host behind a user's name, another host that a path such as `//host` or `/\host` would lead to.
 */
export function allowedReturn(text: string, own: string, listed: readonly string[]): URL | undefined {
  if (!URL.canParse(text, own)) return undefined;
  const url = new URL(text, own);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '') return undefined;
  return url.origin === own || listed.includes(url.origin) ? url : undefined;
}
