/** Copies of the contract that tests can change, and a way to merge them into one document. */
import { readFile } from 'node:fs/promises';

/** The parts of an operation that tests change. */
export interface DraftOperation {
  operationId: string;
  deprecated?: boolean;
  security?: Record<string, string[]>[];
  parameters?: object[];
  responses: Record<string, { content?: Record<string, unknown> }>;
  'x-assurance'?: object;
}

/** The parts of a path that tests change. */
export interface DraftPath {
  get?: DraftOperation;
  post?: DraftOperation;
  put?: DraftOperation;
}

/** The parts of a schema that tests change. */
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

/** Reads these paths of the bundled contract with all that they refer to; the returned function copies them. */
export async function readGenerated(names: readonly string[]): Promise<() => Draft> {
  const text = JSON.stringify(reduce(JSON.parse(await readFile('generated/openapi.json', 'utf8')), names));
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

function reduce(contract: Draft['document'], names: readonly string[]): Draft['document'] {
  const paths = Object.fromEntries(names.map((name) => [name, named(contract.paths, name)]));
  const { securitySchemes = {} } = contract.components;
  const components: Record<string, Record<string, object>> = { securitySchemes: { ...securitySchemes } };
  const keep = (part: object) => {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"/]+)"/g)) {
      const kept = (components[kind] ??= {});
      if (kept[name]) continue;
      kept[name] = named(contract.components[kind] as Record<string, object>, name);
      keep(kept[name]);
    }
  };
  keep(paths);
  return { ...contract, paths, components };
}

/** Merges drafts into one document, each under its own path prefix and with its own components. */
export function merge(drafts: readonly Draft[]): object {
  const parts = drafts.map(({ document }, index) => withPrefix(document, `ns${index}`));
  const components: Record<string, object> = {};
  for (const part of parts) {
    for (const [kind, named] of Object.entries(part.components)) components[kind] = { ...components[kind], ...named };
  }
  return { ...parts[0], paths: Object.assign({}, ...parts.map(({ paths }) => paths)), components };
}

/** The number of the draft that an operation of a merged document came from. */
export function namespaceOf(operation = ''): string {
  return /^[A-Z]+ \/ns(\d+)\//.exec(operation)?.[1] ?? operation;
}

function named<Part>(parts: Record<string, Part>, name: string): Part {
  const part = parts[name];
  if (!part) throw new Error(`the contract has no ${name}`);
  return part;
}

function withPrefix(document: Draft['document'], prefix: string): Draft['document'] {
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
