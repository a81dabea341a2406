/** Turns the bundled contract into the TypeScript client's table of operations. */

import { basePathOf, fullPathOf } from './operations.ts';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
}

interface ClientOperation {
  operationId: string;
  summary?: string;
  security?: unknown[];
  parameters?: ({ $ref: string } | Parameter)[];
  requestBody?: { content: Content };
  responses?: Record<string, { content?: Content }>;
  'x-rate-limit'?: string;
}

type Content = Record<string, unknown>;

/** The parts of the bundled contract that the client needs. */
export interface ClientDocument {
  info: { version: string };
  servers: { url: string }[];
  security?: unknown[];
  paths: Record<string, Record<string, ClientOperation>>;
  components: { parameters?: Record<string, Parameter> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The source of the client's contract.ts: the table of operations, and their signatures. */
export function contractModule(document: ClientDocument): string {
  const basePath = basePathOf(document);
  // Sorted, so that a literal segment comes before a parameter that would match it too.
  const paths = Object.keys(document.paths).sort();
  const operations = paths.flatMap((path) =>
    methods.flatMap((method) => {
      const operation = document.paths[path]?.[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  return [
    "import type { Body, CallOptions, ChangeOptions, CreateOptions, Path, Query, Reply } from './calls.ts';",
    "export type { components } from './schema.ts';",
    '',
    '/** The prefix of the API, with which a base URL may end. */',
    `export const basePath = ${JSON.stringify(basePath)};`,
    '',
    '/** How to send each operation. */',
    'export const operations = {',
    ...operations.map(({ path, method, operation }) => {
      const parameters = parametersOf(operation, document);
      const row = {
        method: method.toUpperCase(),
        path: fullPathOf(path, document.paths[path] ?? {}, document),
        secured: (operation.security ?? document.security ?? []).length > 0,
        takesBody: operation.requestBody !== undefined,
        takesBytes: isOfBytes(operation.requestBody?.content),
        returnsBytes: Object.values(operation.responses ?? {}).some(({ content }) => isOfBytes(content)),
        takesQuery: parameters.some((parameter) => parameter.in === 'query'),
        takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
        takesTransport: parameters.some(({ name }) => name === 'Session-Transport'),
        // Sent from a form, by a person who is waiting.
        typed: operation['x-rate-limit'] === 'credentials',
      };
      return `  ${operation.operationId}: ${JSON.stringify(row)},`;
    }),
    '} as const;',
    '',
    '/** The name of an operation. */',
    'export type OperationId = keyof typeof operations;',
    '',
    '/** Each operation as a function. */',
    'export interface Operations {',
    ...operations.flatMap(({ path, method, operation }) => [
      `  /** ${operation.summary ?? operation.operationId}: \`${method.toUpperCase()} ${path}\`. */`,
      `  ${signatureOf(operation, path, parametersOf(operation, document))}`,
    ]),
    '}',
    '',
  ].join('\n');
}

/** Whether a body is no JSON. */
function isOfBytes(content: Content = {}): boolean {
  return Object.keys(content).some((mediaType) => !mediaType.includes('json'));
}

function parametersOf({ parameters = [] }: ClientOperation, { components }: ClientDocument): Parameter[] {
  return parameters.map((parameter) => {
    if (!('$ref' in parameter)) return parameter;
    const found = components.parameters?.[parameter.$ref.split('/').at(-1) ?? ''];
    if (!found) throw new Error(`the contract has no ${parameter.$ref}`);
    return found;
  });
}

/** An operation's signature: path parameters, body, query and options, where it has them. */
function signatureOf({ operationId: id, requestBody }: ClientOperation, path: string, parameters: Parameter[]): string {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const takes = (header: string) => parameters.some(({ name }) => name === header);
  const options = [
    ...(takes('If-Match') ? ['ChangeOptions'] : []),
    ...(takes('Idempotency-Key') ? ['CreateOptions'] : []),
  ];
  const given = [
    ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => `${camelCase(name)}: Path<'${id}'>['${name}']`),
    ...(requestBody === undefined ? [] : [`body: Body<'${id}'>`]),
    ...(inQuery.length === 0 ? [] : [`query${inQuery.some(({ required }) => required) ? '' : '?'}: Query<'${id}'>`]),
    `options?: ${options.join(' & ') || 'CallOptions'}`,
  ];
  return `readonly ${id}: (${given.join(', ')}) => Promise<Reply<'${id}'>>;`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
