/** What the contract says about requests: their schemas by operation, and the document that the validator compiles. */
import { operations } from '../../../generated/operations.ts';
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
  /** All parameters but cookies, those of its path included. */
  readonly parameters: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  allowReserved?: boolean;
  schema: Schema;
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
}

type Paths = Record<string, Record<string, OperationObject>>;

/** The operations of a document that the service implements. */
export function* operationsOf(document: OpenApiDocument): Generator<ContractOperation> {
  for (const [path, item] of Object.entries(document.paths as Paths)) {
    const { parameters: shared = [] } = item as OperationObject;
    for (const [method, { operationId: id, parameters = [], requestBody = {} }] of Object.entries(item)) {
      if (id === undefined || !isOperationId(id)) continue;
      const all = [...parameters, ...shared]
        .map((parameter) => resolve(document, parameter))
        // What cookies are called depends on the configuration, and one that makes no sense is as good as none.
        .filter((parameter) => parameter.in !== 'cookie');
      const { content } = resolve(document, requestBody);
      const parts = {
        path: schemaOf('path', all),
        query: schemaOf('query', all),
        headers: schemaOf('header', all),
        body: content?.['application/json']?.schema ?? {},
      };
      yield { id, path, method, parts, parameters: all };
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

type Schemas = Readonly<Record<string, Schema>>;

/** The schemas that requests refer to, as a document. */
export interface RequestSchemas {
  readonly openapi: unknown;
  readonly paths: object;
  readonly components: { readonly schemas: Schemas };
}

/** What the validator compiles of an operation. */
export interface RequestOperation {
  readonly id: OperationId;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
}

/** What requests are checked against; operations that take nothing are left out. README.md says what each change is for. */
export function requestDocument(
  contract: OpenApiDocument,
): RequestSchemas & { readonly operations: RequestOperation[] } {
  const document = structuredClone(contract) as ContractDocument;
  const { openapi, components } = document;
  for (const parameter of Object.values(components.parameters)) {
    if (parameter.in === 'query') parameter.allowReserved = true;
    const { $ref, ...beside } = parameter.schema;
    if ($ref) parameter.schema = { ...resolve<Schema>(document, { $ref }), ...beside };
  }
  const checked = Array.from(operationsOf(document))
    .filter((operation) => !takesNothing(operation))
    .map(({ id, parameters, parts }): RequestOperation => {
      if (!operations[id].hasBody || operations[id].binaryBody) return { id, parameters };
      const schema = resolve(document, parts.body);
      return { id, parameters, requestBody: { content: { 'application/json': { schema } } } };
    });
  const schemas = usedSchemas(components.schemas, checked);
  checkLengthFirst([schemas, checked]);
  return { openapi, paths: {}, components: { schemas }, operations: checked };
}

interface ContractDocument extends OpenApiDocument {
  readonly openapi: unknown;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Schemas;
  };
}

function usedSchemas(schemas: Schemas, operations: readonly RequestOperation[]): Schemas {
  const used: Record<string, Schema> = {};
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      const name = key === '$ref' ? String(part).split('/').at(-1) : undefined;
      const schema = name === undefined ? undefined : schemas[name];
      if (name !== undefined && schema && !(name in used)) visit((used[name] = schema));
      else visit(part);
    }
  };
  visit(operations);
  return used;
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
