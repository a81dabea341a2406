/** Turns the bundled contract into the module that the TypeScript client knows the operations from. */

import { basePathOf } from '../operations.ts';

interface ClientOperation {
  operationId: string;
  summary?: string;
  security?: unknown[];
  parameters?: { $ref?: string; name?: string }[];
}

/** The parts of the bundled contract that a client is made of. */
export interface ClientDocument {
  info: { version: string };
  servers: { url: string }[];
  security?: unknown[];
  paths: Record<string, Record<string, ClientOperation>>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The source of the client's contract.ts: the table of operations, and what they are as functions. */
export function contractModule(document: ClientDocument): string {
  const basePath = basePathOf(document);
  // A path with a fixed word comes before the one with a parameter in its place, which would match it too.
  const paths = Object.keys(document.paths).sort();
  const operations = paths.flatMap((path) =>
    methods.flatMap((method) => {
      const operation = document.paths[path]?.[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  return [
    "import type { Operation } from './calls.ts';",
    "export type { components, paths } from './schema.ts';",
    '',
    '/** The path that every path of the contract follows. */',
    `export const basePath = ${JSON.stringify(basePath)};`,
    '',
    '/** How each operation is asked for. */',
    'export const operations = {',
    ...operations.map(({ path, method, operation }) => {
      const row = {
        method: method.toUpperCase(),
        path,
        secured: (operation.security ?? document.security ?? []).length > 0,
        takesKey: (operation.parameters ?? []).some(isIdempotencyKey),
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
    ...operations.flatMap(({ path, method, operation: { operationId, summary = operationId } }) => [
      `  /** ${summary}: \`${method.toUpperCase()} ${path}\`. */`,
      `  ${operationId}: Operation<'${operationId}'>;`,
    ]),
    '}',
    '',
  ].join('\n');
}

function isIdempotencyKey({ $ref, name }: { $ref?: string; name?: string }): boolean {
  return name === 'Idempotency-Key' || $ref === '#/components/parameters/IdempotencyKey';
}
