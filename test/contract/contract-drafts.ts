/** Copies of the contract to change in tests, and many of them as one document. */
import { readFile } from 'node:fs/promises';

/** What a test changes of an operation. */
export interface DraftOperation {
  operationId: string;
  deprecated?: boolean;
  security?: Record<string, string[]>[];
  parameters?: object[];
  responses: Record<string, { content?: Record<string, unknown> }>;
  'x-assurance'?: object;
}

/** What a test changes of a path. */
export interface DraftPath {
  get?: DraftOperation;
  post?: DraftOperation;
  put?: DraftOperation;
}

/** What a test changes of a schema. */
export interface DraftSchema {
  type: string;
  description: string;
  format: string;
  maxLength: number;
  enum: string[];
  'x-extensible-enum': string[];
  'x-problems': Record<string, { status: number; detail: string }>;
  'x-messages': Record<string, string>;
  required: string[];
  properties: Record<string, Partial<DraftSchema>>;
  default?: unknown;
}

/** A copy of the contract, and the parts of it that tests change. */
export interface Draft {
  readonly document: { paths: Record<string, object>; components: Record<string, object> };
  readonly path: (path: string) => DraftPath;
  readonly schema: (name: string) => DraftSchema;
  readonly parameter: (name: string) => { required: boolean; schema: DraftSchema };
}

/** A function that copies the bundled contract. */
export async function readGenerated(): Promise<() => Draft> {
  const text = await readFile('generated/openapi.json', 'utf8');
  return () => {
    const document = JSON.parse(text);
    const { paths, components } = document;
    return {
      document,
      path: (path) => named(paths, path),
      schema: (name) => named(components.schemas, name),
      parameter: (name) => named(components.parameters, name),
    };
  };
}

/** One document of many, each under a path of its own and with components of its own. */
export function merge(drafts: readonly Draft[]): object {
  const parts = drafts.map(({ document }, index) => apart(document, `ns${index}`));
  const components: Record<string, object> = {};
  for (const part of parts) {
    for (const [kind, named] of Object.entries(part.components)) components[kind] = { ...components[kind], ...named };
  }
  return { ...parts[0], paths: Object.assign({}, ...parts.map(({ paths }) => paths)), components };
}

/** The number of the draft that an operation of a merged document comes from. */
export function namespaceOf(operation = ''): string {
  return /^[A-Z]+ \/ns(\d+)\//.exec(operation)?.[1] ?? operation;
}

function named<Part>(parts: Record<string, Part>, name: string): Part {
  const part = parts[name];
  if (!part) throw new Error(`the contract has no ${name}`);
  return part;
}

function apart(document: Draft['document'], prefix: string): Draft['document'] {
  const text = JSON.stringify(document)
    .replaceAll(/"#\/components\/(\w+)\//g, `"#/components/$1/${prefix}-`)
    .replaceAll('"operationId":"', `"operationId":"${prefix}_`);
  const { paths, components, ...rest } = JSON.parse(text) as Draft['document'];
  const renamed = (parts: object, name: (key: string) => string) =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [name(key), part]));
  return {
    ...rest,
    paths: renamed(paths, (key) => `/${prefix}${key}`),
    components: Object.fromEntries(
      Object.entries(components).map(([kind, parts]) => [
        kind,
        kind === 'securitySchemes' ? parts : renamed(parts, (key) => `${prefix}-${key}`),
      ]),
    ),
  };
}
