import { basePath, operations, type OperationId, type Operations } from './contract.ts';
import { mediaTypeOf } from './media-types.ts';
import type { Send } from './transport.ts';

interface AnyOptions {
  readonly signal?: AbortSignal;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
}

/** Each operation as a function of its path parameters, body, query and options, where it has them. */
export function createOperations(baseUrl: string, send: Send, transport?: 'cookie'): Operations {
  const origin = originOf(baseUrl);
  const call =
    (id: OperationId) =>
    async (...given: unknown[]) => {
      const { path, takesBody, takesBytes, returnsBytes, takesQuery, takesTransport } = operations[id];
      const url = origin + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(given.shift(), name));
      const bytes = takesBytes ? (given.shift() as Blob) : undefined;
      const body = takesBody && !bytes ? JSON.stringify(given.shift()) : bytes;
      const query = takesQuery ? toQuery(given.shift()) : '';
      const { signal, ifMatch, idempotencyKey } = (given.shift() ?? {}) as AnyOptions;
      const headers = {
        Accept: `${returnsBytes ? 'image/*' : 'application/json'}, application/problem+json`,
        ...(body !== undefined && { 'Content-Type': bytes ? await mediaTypeOf(bytes) : 'application/json' }),
        ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
        ...(transport && takesTransport && { 'Session-Transport': transport }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      };
      return send({ id, url: url + query, headers, ...(body !== undefined && { body }), signal });
    };
  const ids = Object.keys(operations) as OperationId[];
  return Object.fromEntries(ids.map((id) => [id, call(id)])) as unknown as Operations;
}

// React Native's URL tells no parts, so an expression does. The value isn't shown, since it may have a password.
const basePattern = /^(?:https?:\/\/[^\s/?#@\\]+)?(?:\/[^\s/?#\\]+)*$/i;

function originOf(baseUrl: string): string {
  const place = baseUrl.replace(/\/+$/, '');
  if (!basePattern.test(place)) {
    throw new TypeError('baseUrl must be a URL such as https://accounts.example.com, without user, query and fragment');
  }
  return place.endsWith(basePath) ? place.slice(0, -basePath.length) : place;
}

// An empty segment or a dot would lead to a different path.
function segment(value: unknown, name: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`${name} is missing`);
  return encodeURIComponent(text);
}

function toQuery(given: unknown): string {
  const pairs = Object.entries((given ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return text.length > 0 ? `?${text.join('&')}` : '';
}
