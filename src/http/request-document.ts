import { basePath, operations } from '../../generated/operations.ts';
import { fullNamePattern } from '../platform/formats/full-name.ts';
import type { OperationId } from './operation.ts';

type Paths = Record<string, PathItem>;
type PathItem = Record<string, Operation>; // and, perhaps, `parameters` of all its operations
interface Operation {
  readonly operationId?: string;
  readonly parameters?: unknown[];
  readonly requestBody?: unknown;
  responses?: unknown;
}
type Components = Record<string, Record<string, unknown>>;
interface RequestParameter {
  readonly in: string;
  allowReserved?: boolean;
  schema: { readonly $ref?: string };
}

/** The contract as far as it is about requests, for the validator. */
export interface RequestDocument {
  servers: unknown[];
  readonly paths: Paths;
  readonly components: Components & { parameters: Record<string, RequestParameter> };
}

/**
 * Makes the document that requests are checked against. Responses are checked in tests; without them the validator starts in a fraction
 * of the time. It would also refuse `search=o'neil` and `search=ada+king`, which is how browsers and forms encode them, unless a
 * parameter allows reserved characters.
 */
export function documentForRequests(contract: { paths: unknown }): RequestDocument {
  const document = structuredClone(contract) as RequestDocument;
  // Whatever the address is, requests come with this path.
  document.servers = [{ url: basePath }];
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) delete operation.responses;
  }
  for (const parameter of Object.values(document.components.parameters)) {
    if (parameter.in === 'query') parameter.allowReserved = true;
    const { $ref, ...beside } = parameter.schema;
    // The validator forgets what stands beside a reference, such as a default.
    if ($ref) parameter.schema = { ...(document.components['schemas']?.[nameIn($ref)] as object), ...beside };
  }
  dropUnused(document);
  return document;
}

const nameIn = (reference: string) => reference.split('/').at(-1) ?? '';

// The validator walks through all components for each operation; what only responses refer to is three quarters of them.
function dropUnused({ paths, components }: { paths: Paths; components: Components }): void {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key !== '$ref') visit(part);
      else if (!used.has(part as string)) {
        used.add(part as string);
        const [, , kind = '', name = ''] = (part as string).split('/');
        visit(components[kind]?.[name]);
      }
    }
  };
  visit(paths);
  for (const [kind, named] of Object.entries(components)) {
    if (kind === 'securitySchemes') continue;
    const kept = Object.entries(named).filter(([name]) => used.has(`#/components/${kind}/${name}`));
    components[kind] = Object.fromEntries(kept);
  }
}

/** Takes out the operations that have no parameters and no body, which need no compiled check, and says which. */
export function takeOutWhatTakesNothing({ paths }: RequestDocument): OperationId[] {
  const takenOut: OperationId[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const kept = Object.entries(item).filter(([, { operationId: id, parameters, requestBody }]) => {
      const takes = !isOperationId(id) || 'parameters' in item || parameters !== undefined || requestBody !== undefined;
      if (!takes) takenOut.push(id);
      return takes;
    });
    paths[path] = Object.fromEntries(kept);
  }
  return takenOut;
}

const pathsInPart = 30;

/**
 * The document in parts. To compile an operation, the validator walks through its whole document: in parts, the start takes as long as
 * the contract is, and not as its square.
 */
export function* partsOf(document: RequestDocument): Generator<RequestDocument> {
  const paths = Object.entries(document.paths).filter(([, item]) => Object.keys(item).length > 0);
  for (let start = 0; start < paths.length; start += pathsInPart) {
    yield { ...document, paths: Object.fromEntries(paths.slice(start, start + pathsInPart)) };
  }
}

/** The operations of a document, each with the parameters of its path. */
export function* operationsOf({
  paths,
}: RequestDocument): Generator<Operation & { operationId: OperationId; parameters: unknown[] }> {
  for (const item of Object.values(paths)) {
    const { parameters: shared = [] } = item as { parameters?: unknown[] };
    for (const operation of Object.values(item)) {
      const { operationId, parameters = [] } = operation;
      if (isOperationId(operationId)) yield { ...operation, operationId, parameters: [...shared, ...parameters] };
    }
  }
}

const isOperationId = (id: string | undefined): id is OperationId => id !== undefined && id in operations;

interface TextSchema {
  maxLength?: unknown;
  pattern?: unknown;
  'x-normalize'?: string;
  format?: unknown;
  if?: object;
  then?: object;
}

/**
 * Lets patterns and formats look only at text within its length: the validator would check all keywords of a schema, and some take a
 * time that grows as the square of the text's.
 */
export function checkLengthFirst(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const part of Object.values(node)) checkLengthFirst(part);
  const schema = node as TextSchema;
  const { maxLength, format } = schema;
  // Beyond U+FFFF the contract can only say in words what is refused.
  const pattern = schema['x-normalize'] === 'full-name' ? fullNamePattern : schema.pattern;
  if (typeof maxLength !== 'number' || (typeof pattern !== 'string' && typeof format !== 'string')) return;
  delete schema.pattern;
  delete schema.format;
  schema.if = { maxLength };
  schema.then = { ...(typeof pattern === 'string' && { pattern }), ...(typeof format === 'string' && { format }) };
}
