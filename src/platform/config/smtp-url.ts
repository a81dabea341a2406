import type { EnvironmentReader } from './env.ts';
import { canDecodeCredentials, hasUnescapedCredentials, percentEncoding } from './url-credentials.ts';

const name = 'SMTP_URL';
const remedy = 'give a URL such as smtps://user:password@smtp.example.com, or "off" to send no mail';

/** The mail server's URL, or `off`. Problems never quote it, as it may contain a password. */
export function readSmtpUrl(env: EnvironmentReader, production: boolean): string | undefined {
  const text = env.secret(name);
  if (text === undefined) {
    if (production) env.refuse(name, 'is missing', remedy);
    return undefined;
  }
  if (text === 'off') return text;
  const [wrong, help = remedy] = findProblem(text) ?? [];
  if (wrong !== undefined) env.refuse(name, wrong, help);
  return text;
}

/** What is wrong with the URL, and the remedy if it is not simply another URL. */
function findProblem(text: string): [string, string?] | undefined {
  if (!/^smtps?:\/\//.test(text)) return ['is not an smtp:// or smtps:// URL'];
  if (hasUnescapedCredentials(text))
    return ['contains a special character that ends the user or the password', percentEncoding];
  if (!URL.canParse(text) || new URL(text).hostname === '') return ['is not an smtp:// or smtps:// URL'];
  if (!canDecodeCredentials(text)) return ['contains a % that encodes nothing', percentEncoding];
  const { pathname, search, protocol } = new URL(text);
  if (!/^\/?$/.test(pathname)) return ['has a path', 'remove what follows the host and port'];
  if (search !== '' && (search !== '?tls=optional' || protocol === 'smtps:'))
    return ['has a query that is not read', 'remove it; ?tls=optional, for smtp://, is the only one'];
  return undefined;
}
