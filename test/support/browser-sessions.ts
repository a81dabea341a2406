/** Browser sessions, as a browser sends and receives them. */
import { expect } from 'chai';
import type { Answer, Call } from './client.ts';
import type { SignedIn } from './app.ts';

/** The header that only scripts of allowed pages can send. */
export const byCookie = { 'Session-Transport': 'cookie' };

/** What a browser with somebody's session sends as `Cookie`. */
export const cookieOf = ({ refreshToken }: Pick<SignedIn, 'refreshToken'>) => `__Host-latchkey=${refreshToken}`;

/** A call with a browser's cookies. */
export const withCookies = (cookies: string, headers: Record<string, string> = {}): Call => ({
  headers: { ...byCookie, Cookie: cookies, ...headers },
});

/** A cookie as a response sets it. */
export interface SetCookie {
  readonly value: string;
  /** In alphabetical order, without `Max-Age`. */
  readonly attributes: readonly string[];
  readonly maxAge: number;
}

/** The cookies that a response sets, by name. */
export function cookiesOf({ headers }: Answer): Record<string, SetCookie> {
  const lines = [headers['set-cookie'] ?? []].flat();
  return Object.fromEntries(lines.map(read));
}

function read(line: string): [string, SetCookie] {
  const [pair = '', ...attributes] = line.split('; ');
  const [name = '', value = ''] = pair.split('=');
  const age = attributes.find((attribute) => attribute.startsWith('Max-Age='));
  expect(age, line).to.match(/^Max-Age=\d+$/);
  const others = attributes.filter((attribute) => attribute !== age).sort();
  return [name, { value, attributes: others, maxAge: Number(age!.slice('Max-Age='.length)) }];
}

/** What the browser sends as `Cookie` after this response. */
export function cookieHeader(answer: Answer): string {
  return Object.entries(cookiesOf(answer))
    .map(([name, { value }]) => `${name}=${value}`)
    .join('; ');
}
