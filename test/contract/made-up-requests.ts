/** Generates requests from the contract's schemas: valid ones, and ones that break it in one place. */
import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { maximumBodyBytes } from '../../src/http/body.ts';
import { breaking, breakingText, fitting, refusesText, type Schema } from '../support/arbitraries.ts';
import type { Answer } from '../support/client.ts';
import type { TestApp } from '../support/app.ts';
import { contract, resolve } from '../support/contract.ts';
import type { Described, SampleRequest } from './requests.ts';

/** The generated parts of a request; a valid sample provides the rest. */
export interface MadeUp {
  /** Replaces the path's parameter. */
  readonly id?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged, instead of `json`. */
  readonly raw?: string | Buffer;
}

/** A request that the contract allows. */
export interface Fitting extends MadeUp {
  readonly query: string;
  readonly headers: Record<string, string>;
  readonly json?: object;
}

/** A request that the server must refuse with one of these statuses. */
export interface Broken extends MadeUp {
  readonly statuses: readonly number[];
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly schema: Schema;
}

const json = { 'Content-Type': 'application/json' };

export function sendMadeUp(
  app: TestApp,
  { path: template, method }: Described,
  sample: SampleRequest,
  made: MadeUp,
): Promise<Answer> {
  const path = made.id === undefined ? sample.path : template.replace(/\{\w+\}/, encodeURIComponent(made.id));
  const raw = made.raw ?? ('json' in made ? undefined : sample.raw);
  const body = raw === undefined ? { json: 'json' in made ? made.json : sample.json } : { raw };
  // A generated Authorization header replaces the token.
  const token = made.headers && 'Authorization' in made.headers ? undefined : sample.token;
  const headers = { ...sample.headers, ...(made.raw !== undefined && json), ...made.headers };
  return app.send(method, made.query ? `${path}?${made.query}` : path, { token, headers, ...body });
}

function parametersOf({ path, operation }: Described, where: Parameter['in']): Parameter[] {
  const { parameters: shared = [] } = contract.paths[path] as unknown as { parameters?: Parameter[] };
  const own = (operation.parameters ?? []) as Parameter[];
  return [...shared, ...own].map(resolve).filter((parameter) => parameter.in === where);
}

function bodySchema({ operation }: Described): Schema {
  return (operation.requestBody!.content['application/json'] as { schema: Schema }).schema;
}

function toQuery(parameters: object): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/** Headers that the contract leaves to the client. */
const strangeHeaders = fc.record(
  {
    Accept: fc.constantFrom('*/*', 'text/html', 'application/xml;q=0.9', ''),
    'X-Request-Id': fc.string({ minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== ''),
    'User-Agent': fc.string({ unit: fc.constantFrom('x', '/', ' ', '%', 'é', '"') }),
    Cookie: fc.constantFrom('a=b', 'session=1; session=2', ';'),
    'X-Forwarded-For': fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('unknown')),
  },
  { requiredKeys: [] },
);

export function fittingRequest(operation: Described): Arbitrary<Fitting> {
  const schemas = (where: Parameter['in']) =>
    Object.fromEntries(parametersOf(operation, where).map(({ name, schema }) => [name, fitting(schema)]));
  const ids = Object.values(schemas('path')) as Arbitrary<string>[];
  const headers = fc.record(schemas('header'), { requiredKeys: [] }) as Arbitrary<Record<string, string>>;
  return fc.record(
    {
      ...(ids[0] && { id: ids[0] }),
      query: fc.record(schemas('query'), { requiredKeys: [] }).map(toQuery),
      headers: fc.tuple(strangeHeaders, headers).map(([strange, own]) => ({ ...strange, ...own })),
      ...(operation.hasJson && { json: fitting(bodySchema(operation)) }),
    },
    { requiredKeys: ['query', 'headers', ...(operation.hasJson ? (['json'] as const) : [])] },
  ) as Arbitrary<Fitting>;
}

/** Requests that break the contract in one place. */
export function brokenRequest(operation: Described): Arbitrary<Broken> {
  return fc.oneof(
    ...brokenQueries(operation),
    ...brokenHeaders(operation),
    ...parametersOf(operation, 'path').map(({ schema }) => brokenPath(schema)),
    ...(operation.leastRole === null ? [] : [brokenTokens]),
    ...(operation.hasJson
      ? [brokenBody(operation), ...missingBody(operation), unreadableBody, strangeMediaType, largeBody]
      : []),
    ...(operation.hasBody && !operation.hasJson ? [brokenBytes, strangeMediaType, tooManyBytes, packedBytes] : []),
  );
}

function brokenQueries(operation: Described): Arbitrary<Broken>[] {
  const known = parametersOf(operation, 'query');
  const unknown = fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.string({ unit: 'binary' }))
    .filter(([name]) => known.every((parameter) => parameter.name !== name))
    .map(([name, value]) => ({ query: toQuery({ [name]: value }), statuses: [400] }));
  const undecodable = fc
    .constantFrom('%', 'a=%', '%ff=1', 'search=%C0%80', 'page=%E2%82')
    .map((query) => ({ query, statuses: [400] }));
  const wrong = known.map(({ name, schema }) =>
    breakingText(schema).map((text) => ({ query: toQuery({ [name]: text.slice(0, 3000) }), statuses: [400] })),
  );
  const twice = known.map(({ name, schema }) =>
    fitting(schema).map((value) => ({
      query: [toQuery({ [name]: value }), toQuery({ [name]: value })].join('&'),
      statuses: [400],
    })),
  );
  return [unknown, undecodable, ...wrong, ...twice];
}

// Only what HTTP can carry in a header; it strips surrounding spaces.
const sendable = /^[\x20-\x7e\x80-\xff]*$/;

function brokenHeaders(operation: Described): Arbitrary<Broken>[] {
  return parametersOf(operation, 'header').map(({ name, schema }) =>
    breakingText(schema)
      .map((text) => text.slice(0, 3000).trim())
      .filter((text) => text !== '' && sendable.test(text) && refusesText(schema, text))
      .map((text) => ({ headers: { [name]: text }, statuses: [400] })),
  );
}

function brokenPath(schema: Schema): Arbitrary<Broken> {
  return breakingText(schema)
    .map((text) => text.slice(0, 1500))
    .filter((text) => !['', '.', '..'].includes(text) && text.isWellFormed())
    .map((id) => ({ id, statuses: [400] }));
}

const base64url = fc.base64String({ maxLength: 60 }).map((text) => text.replaceAll(/[+/=]/g, '_'));

const brokenTokens: Arbitrary<Broken> = fc
  .oneof(
    fc.string({ maxLength: 40 }).map((text) => `Bearer ${text}`),
    fc.tuple(base64url, base64url, base64url).map((parts) => `Bearer ${parts.join('.')}`),
    fc.constantFrom(
      'Bearer',
      'Basic YWRhOmFkYQ==',
      'bearer null',
      'Token x',
      `Bearer ${'x'.repeat(5000)}`,
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ),
  )
  .map((header) => ({ headers: { Authorization: header }, statuses: [401] }));

function brokenBody(operation: Described): Arbitrary<Broken> {
  return breaking(bodySchema(operation)).map((value) => ({ json: value, statuses: [400] }));
}

/** None, or bytes that unpack to none, count as an empty object, which some operations take. */
function missingBody(operation: Described): Arbitrary<Broken>[] {
  const { required = [], minProperties = 0 } = bodySchema(operation);
  return required.length > 0 || minProperties > 0 ? [fc.constant({ raw: '', statuses: [400] }), brokenCoding] : [];
}

const unreadableBody: Arbitrary<Broken> = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from([0xff, ...bytes])),
    fc.json().map((text) => `${text.slice(0, -1)}\u0001`),
    fc.json().map((text) => `${text},`),
    fc.constantFrom(' ', '{', '{"email":', "{'a':1}", '{"a":NaN}', '{}{}', '[1,', '\ufeff\ufeff{}', '{"a":"\ud800'),
  )
  .map((raw) => ({ raw, statuses: [400] }));

const strangeMediaType: Arbitrary<Broken> = fc
  .constantFrom(
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
    'json',
    '*/*',
    'application/json5',
  )
  .map((type) => ({ headers: { 'Content-Type': type }, raw: '{}', statuses: [415] }));

const largeBody: Arbitrary<Broken> = fc
  .tuple(fc.integer({ min: 1, max: 50_000 }), fc.boolean())
  .map(([more, packed]) => ({ bytes: Buffer.alloc(maximumBodyBytes + more, ' '), packed }))
  .map(({ bytes, packed }) => ({
    raw: packed ? gzipSync(bytes) : bytes,
    headers: { ...json, ...(packed && { 'Content-Encoding': 'gzip' }) },
    statuses: [413],
  }));

const brokenCoding: Arbitrary<Broken> = fc
  .tuple(fc.constantFrom('gzip', 'deflate', 'br', 'zip', 'identity, gzip'), fc.uint8Array({ maxLength: 100 }))
  .map(([coding, bytes]) => ({
    raw: Buffer.from(bytes),
    headers: { ...json, 'Content-Encoding': coding },
    statuses: [400, 415],
  }));

const brokenBytes: Arbitrary<Broken> = fc
  .tuple(fc.constantFrom('image/png', 'image/jpeg', 'IMAGE/WEBP; q=1'), fc.uint8Array({ maxLength: 1000 }))
  .map(([type, bytes]) => ({ raw: Buffer.from(bytes), headers: { 'Content-Type': type }, statuses: [400] }));

const tooManyBytes: Arbitrary<Broken> = fc
  .integer({ min: 1, max: 50_000 })
  .map((more) => ({ raw: Buffer.alloc(512 * 1024 + more), headers: { 'Content-Type': 'image/png' }, statuses: [413] }));

// It may be as large as it is sent.
const packedBytes: Arbitrary<Broken> = fc
  .constantFrom('gzip', 'deflate', 'br', 'zip', 'identity, gzip')
  .map((coding) => ({
    raw: gzipSync('bytes'),
    headers: { 'Content-Type': 'image/png', 'Content-Encoding': coding },
    statuses: [415],
  }));
