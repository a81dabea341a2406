/** The models of the Go client: schemas as structs and named strings. */
import { isEnum, isForeign, isSecret, nameOf, reachable, summaryOf, type Schema, type Schemas } from './schemas.ts';

const scalars: Record<string, string> = { string: 'string', integer: 'int', number: 'float64', boolean: 'bool' };
const initialisms = new Map([
  ['api', 'API'],
  ['etag', 'ETag'],
  ['id', 'ID'],
  ['ip', 'IP'],
  ['jwks', 'JWKS'],
  ['uri', 'URI'],
  ['url', 'URL'],
]);
const lineLength = 130;

/** The source of models.go, with these schemas and what they refer to. */
export function modelsFile(names: Iterable<string>, schemas: Schemas, version: string, basePath: string): string {
  const inOrder = reachable(names, schemas);
  const structs = inOrder.filter((name) => schemas[name]?.properties);
  const lines = [
    ...inOrder.filter((name) => isEnum(schemas[name])).flatMap((name) => enumOf(name, schemas[name] ?? {})),
    ...structs.flatMap((name) => structOf(name, schemas[name] ?? {}, schemas)),
  ];
  return [
    '// Code generated from the contract; DO NOT EDIT.',
    '',
    'package latchkey',
    '',
    ...(lines.some((line) => line.includes('time.Time')) ? ['import "time"', ''] : []),
    '// Version is that of the contract.',
    `const Version = ${JSON.stringify(version)}`,
    '',
    `const basePath = ${JSON.stringify(basePath)}`,
    ...lines,
    '',
  ].join('\n');
}

/** The Go type of a value that is always there. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  const name = nameOf(schema);
  const target = name === undefined ? schema : (schemas[name] ?? {});
  if (isForeign(target)) return 'map[string]any';
  if (name !== undefined && (target.properties || isEnum(target))) return name;
  const { type, format, items, additionalProperties } = target;
  if (!items && isSecret(schema, schemas)) return 'Secret';
  const types = [type ?? []].flat();
  if (types.includes('null')) {
    return `*${typeOf({ ...target, type: types.filter((one) => one !== 'null') }, schemas)}`;
  }
  const only = types[0] ?? '';
  if (only === 'array' && items) return `[]${typeOf(items, schemas)}`;
  if (only === 'object' && typeof additionalProperties === 'object') {
    return `map[string]${typeOf(additionalProperties, schemas)}`;
  }
  if (only === 'string' && format === 'date-time') return 'time.Time';
  const scalar = scalars[only];
  if (!scalar) throw new Error(`Go has no type for ${JSON.stringify(schema)}`);
  return scalar;
}

/** A name as Go spells it for others to use, such as `UserID` for `user_id` and `SessionStarted` for `session.started`. */
export function exported(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => initialisms.get(word.toLowerCase()) ?? word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A comment, wrapped, in lines. */
export function comment(text: string, indent = ''): string[] {
  return text.split('\n').flatMap((line) => {
    const lines = [''];
    for (const word of line.split(/\s+/).filter(Boolean)) {
      const last = lines.at(-1) ?? '';
      if (last && indent.length + last.length + word.length > lineLength) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines.map((one) => `${indent}// ${one}`.trimEnd());
  });
}

function enumOf(name: string, schema: Schema): string[] {
  const words = schema.enum ?? schema['x-extensible-enum'] ?? [];
  const names = words.map((word) => name + exported(word));
  const width = Math.max(...names.map((one) => one.length));
  return [
    '',
    ...comment(`${name}: ${summaryOf(schema, {})}`),
    `type ${name} string`,
    '',
    `// The values of ${name}${schema.enum ? '' : '; a newer service may send others'}.`,
    'const (',
    ...words.map((word, index) => `\t${(names[index] ?? '').padEnd(width)} ${name} = ${JSON.stringify(word)}`),
    ')',
  ];
}

function structOf(name: string, schema: Schema, schemas: Schemas): string[] {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([property, value]) => [
    ...comment(`${exported(property)}: ${summaryOf(value, schemas)}`, '\t'),
    required.has(property)
      ? `\t${exported(property)} ${typeOf(value, schemas)} \`json:"${property}"\``
      : `\t${exported(property)} ${optional(value, schemas)} \`json:"${property},omitempty"\``,
  ]);
  return [
    '',
    ...comment(`${name}: ${summaryOf(schema, schemas)}`),
    `type ${name} struct {`,
    ...fields.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    '}',
  ];
}

/** The type of a value that may be missing. Text is empty then, if it can't be empty otherwise. */
function optional(schema: Schema, schemas: Schemas): string {
  const type = typeOf(schema, schemas);
  const target = schemas[nameOf(schema) ?? ''] ?? schema;
  const isText =
    target.enum !== undefined || (scalars[String(target.type)] === 'string' && (target.minLength ?? 0) > 0);
  return (isText && type !== 'time.Time') || /^[*[m]/.test(type) ? type : `*${type}`;
}
