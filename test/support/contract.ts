/** Checks a server's answers against the contract. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isEmailAddress } from '../../src/platform/formats/email-address.ts';
import { basePath } from '../../generated/operations.ts';
import { documentOf } from './places.ts';
import { recordSighting } from './traffic.ts';

interface Header {
  $ref?: string;
  required?: boolean;
  schema?: object;
}

export interface ContractResponse {
  $ref?: string;
  headers?: Record<string, Header>;
  content?: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }>;
}

export interface ContractOperation {
  operationId: string;
  parameters?: { $ref: string }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, ContractResponse>;
}

export interface Contract {
  paths: Record<string, Record<string, ContractOperation>>;
  components: Record<string, Record<string, unknown>>;
}

export interface ReceivedResponse {
  readonly method: string;
  /** With its query string. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The contract as it is served. */
export const contract = JSON.parse(
  readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8'),
) as Contract;

// Headers that belong to no operation: Node's, helmet's and CORS.
const generalHeaders = new Set(
  `access-control-allow-credentials access-control-allow-origin access-control-expose-headers cache-control connection content-length content-security-policy
  content-type cross-origin-resource-policy date keep-alive referrer-policy strict-transport-security transfer-encoding vary
  x-content-type-options x-frame-options`.split(/\s+/),
);

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true });
addFormats.default(ajv);
ajv.addFormat('idn-email', isEmailAddress);
rejectUnknownEnumValues(ajv);
ajv.addSchema(closed(contract) as object, 'contract');
const coercing = new Ajv2020({ coerceTypes: true, strict: false });
addFormats.default(coercing);

const routes = Object.entries(contract.paths).map(([path, item]) => ({
  path,
  item,
  pattern: new RegExp(`^${'servers' in item ? '' : basePath}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/**
 * Throws with every difference between a response and the contract. Records the response, and returns the id of the operation, if
 * any.
 */
export function checkAgainstContract(response: ReceivedResponse): string | undefined {
  const found = findOperation(response);
  const faults = found ? checkDocumented(response, found) : checkOutside(response);
  if (faults.length > 0) {
    const what = `${response.method} ${response.url} answered ${response.status}`;
    throw new Error(
      `${what}, contrary to the contract:\n- ${faults.join('\n- ')}\n${response.body.toString().slice(0, 500)}`,
    );
  }
  return response.method === 'HEAD' ? undefined : found?.operation.operationId;
}

/** Resolves a `$ref` in the contract. */
export function resolve<Part extends object>(part: Part & { $ref?: string }): Part {
  if (part.$ref === undefined) return part;
  return pointer(part.$ref.slice(2).split('/')) as Part;
}

/** Validates a value against a schema of the contract, given by its place, such as `/components/schemas/User`. */
export function validatorAt(place: string): ValidateFunction {
  const validate = ajv.getSchema(`contract#${place}`);
  if (!validate) throw new Error(`the contract has no ${place}`);
  return validate;
}

interface FoundOperation {
  readonly path: string;
  readonly operation: ContractOperation;
}

function findOperation({ method, url }: ReceivedResponse): FoundOperation | undefined {
  const [pathname = ''] = url.split('?');
  const route = routes.find(({ pattern }) => pattern.test(pathname));
  const operation = route?.item[method === 'HEAD' ? 'get' : method.toLowerCase()];
  return route && operation && { path: route.path, operation };
}

function checkDocumented(response: ReceivedResponse, { path, operation }: FoundOperation): string[] {
  const { status, method } = response;
  const reference = operation.responses[status];
  const id = operation.operationId;
  if (!reference) return [`${id} does not document ${status}: add it to ${documentOf(id)}, or answer something else`];
  const documented = resolve(reference);
  const mediaType = mediaTypeOf(response);
  if (method === 'HEAD') return checkHead(response, documented);
  const faults = [...checkHeaders(response, documented), ...checkProblem(response)];
  if (!documented.content) {
    if (response.body.length > 0 || mediaType) faults.push('has a body, which the contract does not document');
  } else if (!documented.content[mediaType]) {
    faults.push(`has the media type "${mediaType}", not ${Object.keys(documented.content).join(' or ')}`);
  } else if (!mediaType.includes('json')) {
    if (response.body.length === 0) faults.push('has no bytes');
  } else {
    const place = reference.$ref?.slice(1) ?? `/paths/${escapeName(path)}/${method.toLowerCase()}/responses/${status}`;
    faults.push(...checkBody(response.body, `${place}/content/${escapeName(mediaType)}/schema`));
  }
  if (faults.length === 0) recordSighting({ operation: operation.operationId, status, mediaType });
  return faults;
}

// HEAD answers like GET, without the body (RFC 9110, section 9.3.2).
function checkHead(response: ReceivedResponse, documented: ContractResponse): string[] {
  const faults = checkHeaders(response, documented);
  if (response.body.length > 0) faults.push('has a body');
  if (!(Number(response.headers['content-length']) > 0)) faults.push("lacks the length of GET's answer");
  return faults;
}

// Answers to undocumented paths and methods.
function checkOutside(response: ReceivedResponse): string[] {
  const { status, url } = response;
  if (!url.startsWith(`${basePath}/`) && !url.startsWith('/.well-known/') && status < 400) return [];
  if (response.method === 'OPTIONS' && status === 204) return [];
  if (response.method === 'HEAD') return [400, 404, 405, 429].includes(status) ? [] : [`HEAD answered ${status}`];
  if (![400, 404, 405, 429].includes(status))
    return [`the contract has no such operation, and the status is ${status}`];
  const faults = [...checkBody(response.body, '/components/schemas/Problem'), ...checkProblem(response)];
  if (mediaTypeOf(response) !== 'application/problem+json') faults.push('is not application/problem+json');
  if (status === 405 && !response.headers['allow']) faults.push('has no Allow');
  return faults;
}

function checkBody(body: Buffer, place: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    return [`the body is not JSON in UTF-8: ${String(error)}`];
  }
  const validate = validatorAt(place);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `body${instancePath} ${message ?? ''} ${JSON.stringify(params)}`.trim(),
  );
}

function checkHeaders({ headers }: ReceivedResponse, documented: ContractResponse): string[] {
  const faults: string[] = [];
  const known = new Set(generalHeaders);
  for (const [name, reference] of Object.entries(documented.headers ?? {})) {
    const { required, schema } = resolve(reference);
    known.add(name.toLowerCase());
    const value = headers[name.toLowerCase()];
    if (value === undefined) {
      if (required) faults.push(`lacks the header ${name}`);
    } else if (!coercing.validate(schema ? resolve(schema) : {}, value)) {
      faults.push(`the header ${name}: ${String(value)} ${coercing.errorsText()}`);
    }
  }
  for (const name of Object.keys(headers)) {
    if (!known.has(name)) faults.push(`has the header ${name}, which the contract does not document`);
  }
  return faults;
}

function checkProblem(response: ReceivedResponse): string[] {
  if (mediaTypeOf(response) !== 'application/problem+json') return [];
  const problem = JSON.parse(response.body.toString()) as {
    status: number;
    instance: string;
    type: string;
    code: string;
  };
  const faults: string[] = [];
  if (problem.status !== response.status) faults.push(`the problem says ${problem.status}`);
  if (!problem.instance.endsWith(`:${String(response.headers['x-request-id'])}`))
    faults.push('instance is another request');
  if (!problem.type.endsWith(`/problems/${problem.code}`)) faults.push('type and code differ');
  if (response.headers['cache-control'] !== 'no-store') faults.push('may be cached');
  return faults;
}

function mediaTypeOf({ headers }: ReceivedResponse): string {
  return String(headers['content-type'] ?? '').split(';')[0] ?? '';
}

function pointer(path: string[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], contract);
}

/** Escapes a name for a JSON pointer in the contract. */
export function escapeName(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

// Clients must accept new values of an open enum, but the server may only send known ones.
function rejectUnknownEnumValues(validator: Ajv2020): void {
  validator.addKeyword({
    keyword: 'x-extensible-enum',
    schemaType: 'array',
    validate: (words: unknown[], value: unknown) => words.includes(value),
    error: { message: 'must be equal to one of the known values' },
  });
}

// Clients must accept new fields, but tests must not: every object is closed to undocumented fields.
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]));
  const isObjectSchema = copy['type'] === 'object' && 'properties' in copy;
  return isObjectSchema && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy;
}
