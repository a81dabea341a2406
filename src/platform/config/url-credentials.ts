/** The remedy for a password that must be escaped in a URL. */
export const percentEncoding = 'percent-encode the password: # is %23, / is %2F, ? is %3F, @ is %40, % is %25';

/**
 * Whether a URL seems to have an unescaped "#", "/" or "?" in its user or password, so that the rest would be read as host, path or
 * query.
 */
export function hasUnescapedCredentials(text: string): boolean {
  const at = text.lastIndexOf('@');
  const start = text.indexOf('//') + 2;
  if (at > start && /[#/?]/.test(text.slice(start, at)) && !URL.canParse(text)) return true;
  if (!URL.canParse(text)) return false;
  const { pathname, hash, searchParams } = new URL(text);
  return hash !== '' || pathname.includes('@') || [...searchParams.keys()].some((key) => key.includes('@'));
}

/** Whether the user and the password can be decoded; a driver would fail on them later, with a worse message. */
export function canDecodeCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
