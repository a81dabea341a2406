import { isIPv6 } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { ServiceError } from '../platform/errors.ts';

/** An authority (RFC 3986) with a host and without a user. */
const authority = /^(?:\[[\da-f:.]+\]|(?:[\w\-.~!$&'()*+,;=]|%[\da-f]{2})+)(?::\d*)?$/i;

const absoluteForm = /^https?:\/\/([^/?#]*)\/?/i;

/** Headers that must not repeat: of two, a proxy in front may have used the other. */
const single = new Map([
  [4, 'host'],
  [12, 'content-type'],
  [13, 'authorization'],
]);

/** Refuses what HTTP forbids but Node's parser accepts (RFC 9112, section 3.2): a missing, malformed or repeated Host. */
export const checkMessage: RequestHandler = (request, _response, next) => {
  refuseRepeated(request.rawHeaders);
  const { host } = request.headers;
  if (host === undefined ? request.httpVersion === '1.1' : !isAuthority(host)) {
    const detail = host === undefined ? 'The header Host is missing.' : 'The header Host names no host.';
    throw new ServiceError('malformed_request', { detail });
  }
  refuseOtherCodings(request);
  if (!/^[/*]/.test(request.url)) throw new ServiceError('malformed_request');
  decodeURIComponent(request.url);
  next();
};

/** Turns `http://host/path` into `/path` (RFC 9112, section 3.2.2); without a host it is unchanged, and refused later. */
export function originForm(target: string): string {
  const [start, host] = absoluteForm.exec(target) ?? [];
  return start === undefined || !isAuthority(host ?? '') ? target : `/${target.slice(start.length)}`;
}

function isAuthority(text: string): boolean {
  if (!authority.test(text)) return false;
  return !text.startsWith('[') || isIPv6(text.slice(1, text.indexOf(']')));
}

// A proxy in front may disagree about where such a request ends (RFC 9112, section 6.1).
function refuseOtherCodings({ httpVersion, headers: { 'transfer-encoding': coding } }: Request): void {
  if (coding === undefined || (coding.toLowerCase() === 'chunked' && httpVersion !== '1.0')) return;
  throw new ServiceError('malformed_request', {
    detail: 'The only Transfer-Encoding is chunked, and HTTP/1.0 has none.',
  });
}

function refuseRepeated(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index] ?? '';
    const name = single.get(field.length);
    if (name === undefined || field.toLowerCase() !== name) continue;
    if (seen.has(name)) throw new ServiceError('malformed_request', { detail: `The header ${field} appears twice.` });
    seen.add(name);
  }
}
