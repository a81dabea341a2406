/** What the contract says about requests: their schemas by operation, and the document that the validator compiles. */
import { basePath, operations } from '../../../generated/operations.ts';
import { fullNamePattern } from '../../platform/formats/full-name.ts';
import type { OperationId } from '../operation.ts';

/** The contract, or a document with some of its paths. */
export interface OpenApiDocument {
  readonly paths: unknown;
}

/** The parts of a schema that are read here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  /** Which normal form a text gets; by default, that of its format. */
  readonly 'x-normalize'?: string;
  /** The sentence for people if `pattern` does not match. */
  readonly 'x-message'?: string;
}

/** The parts of a request, by the names that pointers begin with. */
export type RequestPart = 'path' | 'query' | 'headers' | 'body';

/** An operation of the contract, with the schema of each part of its requests; names of headers are in lower case. */
export interface ContractOperation {
  readonly id: OperationId;
  readonly path: string;
  readonly method: string;
  readonly parts: Readonly<Record<RequestPart, Schema>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Reference {
  readonly $ref: string;
}

interface RequestBody {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface OperationObject {
  readonly operationId?: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: RequestBody | Reference;
  responses?: unknown;
}

type Paths = Record<string, Record<string, OperationObject>>;

/** The operations of a document that the service implements. */
export function* operationsOf(document: OpenApiDocument): Generator<ContractOperation> {
  for (const [path, item] of Object.entries(document.paths as Paths)) {
    const { parameters: shared = [] } = item as OperationObject;
    for (const [method, { operationId: id, parameters = [], requestBody = {} }] of Object.entries(item)) {
      if (id === undefined || !isOperationId(id)) continue;
      const all = [...shared, ...parameters].map((parameter) => resolve(document, parameter));
      const { content } = resolve(document, requestBody);
      const parts = {
        path: schemaOf('path', all),
        query: schemaOf('query', all),
        headers: schemaOf('header', all),
        body: content?.['application/json']?.schema ?? {},
      };
      yield { id, path, method, parts };
    }
  }
}

const isOperationId = (id: string): id is OperationId => id in operations;

function schemaOf(place: string, parameters: readonly Parameter[]): Schema {
  const fields = parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, schema }) => [place === 'header' ? name.toLowerCase() : name, schema] as const);
  return fields.length === 0 ? {} : { properties: Object.fromEntries(fields) };
}

/** A part of a document, with a reference followed. */
export function resolve<Part extends object>(document: OpenApiDocument, part: Part | Reference): Part {
  if (!('$ref' in part)) return part;
  const keys = part.$ref.split('/').slice(1);
  const target = keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
  return resolve(document, target as Part | Reference);
}

/** Whether a request has neither parameters nor a body. */
export function takesNothing({ parts }: ContractOperation): boolean {
  return Object.values(parts).every((schema) => Object.keys(schema).length === 0);
}

type Components = Record<string, Record<string, unknown>>;

/** The part of the contract that describes requests with parameters or a body. */
export interface RequestDocument {
  servers: unknown[];
  readonly paths: Paths;
  readonly components: Components & { parameters: Record<string, QueryParameter> };
}

interface QueryParameter {
  readonly in: string;
  allowReserved?: boolean;
  schema: Schema;
}

/** Creates the document that requests are checked against. README.md says what each change is for. */
export function requestDocument(contract: OpenApiDocument): RequestDocument {
  const document = structuredClone(contract) as RequestDocument;
  // Requests have this path, whatever the server's address.
  document.servers = [{ url: basePath }];
  for (const operation of operationsOf(document)) {
    if (takesNothing(operation)) delete document.paths[operation.path]?.[operation.method];
  }
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) delete operation.responses;
  }
  for (const parameter of Object.values(document.components.parameters)) {
    if (parameter.in === 'query') parameter.allowReserved = true;
    const { $ref, ...beside } = parameter.schema;
    if ($ref) parameter.schema = { ...resolve<Schema>(document, { $ref }), ...beside };
  }
  dropUnused(document);
  checkLengthFirst(document);
  return document;
}

function dropUnused({ paths, components }: RequestDocument): void {
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
  for (const [kind, named] of Object.entries<Record<string, unknown>>(components)) {
    if (kind === 'securitySchemes') continue;
    const kept = Object.entries(named).filter(([name]) => used.has(`#/components/${kind}/${name}`));
    (components as Components)[kind] = Object.fromEntries(kept);
  }
}

interface TextSchema {
  maxLength?: unknown;
  pattern?: unknown;
  'x-normalize'?: string;
  format?: unknown;
  if?: object;
  then?: object;
}

/** Checks patterns and formats only on text within its maximum length: some take quadratic time. */
function checkLengthFirst(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const part of Object.values(node)) checkLengthFirst(part);
  const schema = node as TextSchema;
  const { maxLength, format } = schema;
  // The contract states part of this rule only in words.
  const pattern = schema['x-normalize'] === 'full-name' ? fullNamePattern : schema.pattern;
  if (typeof maxLength !== 'number' || (typeof pattern !== 'string' && typeof format !== 'string')) return;
  delete schema.pattern;
  delete schema.format;
  schema.if = { maxLength };
  schema.then = { ...(typeof pattern === 'string' && { pattern }), ...(typeof format === 'string' && { format }) };
}

const pathsInPart = 30;

/** The document in parts, because the validator walks its whole document for each operation that it compiles. */
export function* partsOf(document: RequestDocument): Generator<RequestDocument> {
  const paths = Object.entries(document.paths).filter(([, item]) => Object.keys(item).length > 0);
  for (let start = 0; start < paths.length; start += pathsInPart) {
    yield { ...document, paths: Object.fromEntries(paths.slice(start, start + pathsInPart)) };
  }
}
