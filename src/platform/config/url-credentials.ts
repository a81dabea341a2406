/** What to do with a password that a URL can't hold as it is. */
export const percentEncoding = 'percent-encode the password: # is %23, / is %2F, ? is %3F, @ is %40, % is %25';

/**
 * Whether a URL seems to have a "#", "/" or "?" in its user or password, which end them: what follows would be taken for a host,
 * a path or a query.
 */
export function holdsUnencoded(text: string): boolean {
  const at = text.lastIndexOf('@');
  const start = text.indexOf('//') + 2;
  if (at > start && /[#/?]/.test(text.slice(start, at)) && !URL.canParse(text)) return true;
  if (!URL.canParse(text)) return false;
  const { pathname, hash, searchParams } = new URL(text);
  return hash !== '' || pathname.includes('@') || [...searchParams.keys()].some((key) => key.includes('@'));
}
