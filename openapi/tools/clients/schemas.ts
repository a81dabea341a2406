/** The schemas of the contract, as far as clients become types of them. */

/** The part of JSON Schema that the contract uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  minLength?: number;
  description?: string;
  enum?: string[];
  'x-extensible-enum'?: string[];
  'x-secret'?: boolean;
  'x-defined-by'?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

/** The schemas of the contract, by name. */
export type Schemas = Readonly<Record<string, Schema>>;

/** These schemas and what they refer to, as far as they become classes or enums; sorted. */
export function reachable(names: Iterable<string>, schemas: Schemas): string[] {
  const found = new Set<string>();
  for (const name of names) collect(name, schemas, found);
  return [...found].sort();
}

/** The name of the schema that is referred to. */
export function nameOf({ $ref }: Schema): string | undefined {
  return $ref?.split('/').at(-1);
}

/** The first paragraph that describes a value, its own or its schema's. */
export function summaryOf(schema: Schema, schemas: Schemas): string {
  const { description = '' } = schema.description ? schema : (schemas[nameOf(schema) ?? ''] ?? {});
  return (description.trim().split(/\n\s*\n/)[0] ?? '').replaceAll(/\s+/g, ' ');
}

/** Whether a schema has names for its values, all of them or today's. */
export function isEnum(schema: Schema | undefined): boolean {
  return schema?.enum !== undefined || schema?.['x-extensible-enum'] !== undefined;
}

/** Whether a standard defines an object, so that clients hand it on as it is, with whatever it has. */
export function isForeign(schema: Schema): boolean {
  return schema['x-defined-by'] !== undefined;
}

/** Whether a value, or each value of a list, must not be shown. */
export function isSecret(schema: Schema, schemas: Schemas): boolean {
  const target = schemas[nameOf(schema) ?? ''] ?? schema;
  return target['x-secret'] === true || (target.items !== undefined && isSecret(target.items, schemas));
}

/** Adds a schema and what it refers to, as far as they become classes or enums. */
function collect(name: string, schemas: Schemas, found: Set<string>): void {
  const schema = schemas[name];
  if (!schema || found.has(name) || isForeign(schema) || !(schema.properties || isEnum(schema))) return;
  found.add(name);
  const parts = [...Object.values(schema.properties ?? {})];
  for (const part of parts.flatMap((one) => [one, one.items ?? {}])) collect(nameOf(part) ?? '', schemas, found);
}
