/** The models of the Python client: the schemas of responses as dataclasses, the enums of requests as literals. */
import { isEnum, isForeign, isSecret, nameOf, reachable, summaryOf, type Schema, type Schemas } from './schemas.ts';

const scalars: Record<string, string> = { string: 'str', integer: 'int', number: 'float', boolean: 'bool' };
/** The longest line of what is generated. */
export const lineLength = 110;

/** The source of models.py, with these schemas and what they refer to. */
export function modelsModule(names: Iterable<string>, schemas: Schemas, version: string, basePath: string): string {
  const inOrder = reachable(names, schemas);
  const aliases = inOrder.filter((name) => isEnum(schemas[name]));
  const classes = inOrder.filter((name) => schemas[name]?.properties);
  return [
    '"""What the service sends and takes. Generated from the contract."""',
    '',
    'from __future__ import annotations',
    '',
    'from dataclasses import dataclass, field',
    'from datetime import datetime',
    'from typing import Literal, TypeAlias',
    '',
    `VERSION = ${JSON.stringify(version)}`,
    `BASE_PATH = ${JSON.stringify(basePath)}`,
    '',
    ...aliases.flatMap((name) => aliasOf(name, schemas[name] ?? {})),
    ...classes.flatMap((name) => classOf(name, schemas[name] ?? {}, schemas)),
  ].join('\n');
}

/** The Python type of a value; schemas that are classes or enums keep their names. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  const name = nameOf(schema);
  const target = name === undefined ? schema : (schemas[name] ?? {});
  if (isForeign(target)) return 'dict[str, object]';
  if (name !== undefined && (target.properties || isEnum(target))) return name;
  const { type, format, items, additionalProperties } = target;
  const types = [type ?? []].flat();
  if (types.includes('null')) {
    return `${typeOf({ ...target, type: types.filter((one) => one !== 'null') }, schemas)} | None`;
  }
  const only = types[0] ?? '';
  if (only === 'array' && items) return `list[${typeOf(items, schemas)}]`;
  if (only === 'object' && typeof additionalProperties === 'object') {
    return `dict[str, ${typeOf(additionalProperties, schemas)}]`;
  }
  if (only === 'string' && format === 'date-time') return 'datetime';
  if (only === 'string' && format === 'binary') return 'bytes';
  const scalar = scalars[only];
  if (!scalar) throw new Error(`Python has no type for ${JSON.stringify(schema)}`);
  return scalar;
}

/** A docstring, wrapped, in lines. */
export function docstring(text: string, indent: string): string[] {
  const escaped = text.trim().replaceAll('\\', '\\\\').replaceAll('"""', "'''");
  const lines = escaped.split('\n').flatMap((line) => wrap(line, lineLength - indent.length));
  // A quotation mark at the end would close the docstring early.
  lines.push((lines.pop() ?? '').replace(/"$/, '" '));
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return [`${indent}"""${first}"""`];
  return [`${indent}"""${first}`, ...rest.map((line) => (line ? indent + line : '')), `${indent}"""`];
}

function wrap(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines = [indent];
  for (const word of text.split(/ +/).filter(Boolean)) {
    const line = lines.at(-1) ?? '';
    if (line.trim() && line.length + word.length >= width) lines.push(`${indent}${indent && '  '}${word}`);
    else lines[lines.length - 1] = line.trim() ? `${line} ${word}` : line + word;
  }
  return lines.map((line) => line.trimEnd());
}

/** An enum. One that may grow is any text, of which editors offer the known values. */
function aliasOf(name: string, schema: Schema): string[] {
  const known = (schema.enum ?? schema['x-extensible-enum'] ?? []).map((word) => `    ${JSON.stringify(word)},`);
  return [
    `${name}: TypeAlias = Literal[`,
    ...known,
    schema.enum ? ']' : '] | str',
    ...docstring(summaryOf(schema, {}), ''),
    '',
  ];
}

function classOf(name: string, schema: Schema, schemas: Schemas): string[] {
  const required = new Set(schema.required);
  return [
    '',
    '@dataclass(frozen=True, slots=True, kw_only=True)',
    `class ${name}:`,
    ...docstring(summaryOf(schema, schemas), '    '),
    '',
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const type = typeOf(property, schemas);
      const isOptional = !required.has(name);
      const whole = isOptional && !type.endsWith('| None') ? `${type} | None` : type;
      return [
        `    ${name}: ${whole}${defaultOf(isOptional, isSecret(property, schemas))}`,
        ...docstring(summaryOf(property, schemas), '    '),
      ];
    }),
    '',
  ];
}

function defaultOf(isOptional: boolean, isHidden: boolean): string {
  if (!isHidden) return isOptional ? ' = None' : '';
  return ` = field(${isOptional ? 'default=None, ' : ''}repr=False)`;
}
