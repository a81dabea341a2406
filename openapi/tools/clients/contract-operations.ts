/** The operations of the contract, as clients send them. */
import { fullPathOf } from '../generate/operations.ts';
import { nameOf, type Schema, type Schemas } from './schemas.ts';

/** A parameter of the contract. */
export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  description?: string;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface Response {
  content?: Content;
  headers?: object;
}

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Response>;
  'x-rate-limit'?: string;
}

/** The parts of the bundled contract that clients are made of. */
export interface ClientDocument {
  info: { version: string };
  servers: { url: string }[];
  security?: unknown[];
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: { schemas: Schemas; parameters: Record<string, Parameter> };
}

/** An operation, with its references resolved. */
export interface ClientOperation {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** In upper case. */
  readonly method: string;
  /** From the root of the server. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The name of the body's schema. */
  readonly body: string | undefined;
  /** The name of the schema of the response body. */
  readonly reply: string | undefined;
  /** The name of the schema of a body of bytes. */
  readonly bytes: string | undefined;
  readonly repliesWithBytes: boolean;
  /** Whether a success may have no body. */
  readonly mayBeEmpty: boolean;
  readonly isSecured: boolean;
  /** Whether it is sent from a form, by a person who is waiting. */
  readonly isTyped: boolean;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** What clients wrap, since they keep the tokens. */
export const ofTheSession = new Set([
  'answerChallenge',
  'login',
  'loginWithCode',
  'loginWithPasskey',
  'logout',
  'refreshTokens',
  'reauthenticate',
]);

/** All operations but those for browsers, in the order of the contract. */
export function operationsOf(document: ClientDocument): ClientOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation && repliesOf(operation).length > 0 ? [read(document, path, method, operation)] : [];
    }),
  );
}

/** The schema of the items of a list that is read by cursor. */
export function itemOf({ parameters, reply }: ClientOperation, schemas: Schemas): string | undefined {
  if (!parameters.some(({ name }) => name === 'cursor')) return undefined;
  return nameOf(schemas[reply ?? '']?.properties?.['items']?.items ?? {});
}

/** The successes of an operation, without those that put the tokens into cookies: that is for browsers. */
function repliesOf({ responses }: Operation): Response[] {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return successes.map(([, response]) => response).filter(({ headers = {} }) => !('Set-Cookie' in headers));
}

function read(document: ClientDocument, path: string, method: string, operation: Operation): ClientOperation {
  const item = document.paths[path] ?? {};
  const { parameters: inPath = [] } = item as { parameters?: Parameter[] };
  const names = repliesOf(operation).map(({ content }) => nameOf(content?.['application/json']?.schema ?? {}));
  return {
    id: operation.operationId,
    summary: operation.summary,
    description: operation.description ?? '',
    method: method.toUpperCase(),
    path: fullPathOf(path, item, document),
    parameters: [...inPath, ...(operation.parameters ?? [])]
      .map((one) => document.components.parameters[nameOf(one) ?? ''] ?? one)
      .filter((one) => one.in !== 'cookie' && one.name !== 'Session-Transport'),
    body: nameOf(operation.requestBody?.content['application/json']?.schema ?? {}),
    bytes: bytesOf(operation.requestBody?.content),
    repliesWithBytes: repliesOf(operation).some(({ content }) => bytesOf(content) !== undefined),
    reply: names.find((name) => name !== undefined),
    mayBeEmpty: names.includes(undefined),
    isSecured: (operation.security ?? document.security ?? []).length > 0,
    isTyped: operation['x-rate-limit'] === 'credentials',
  };
}

/** The name of the schema of a body that is no JSON. */
function bytesOf(content: Content = {}): string | undefined {
  const [, { schema = {} }] = Object.entries(content).find(([mediaType]) => !mediaType.includes('json')) ?? ['', {}];
  return nameOf(schema);
}
