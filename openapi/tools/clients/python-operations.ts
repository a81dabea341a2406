/** The operations of the Python client, each as a method. */
import {
  itemOf,
  ofTheSession,
  operationsOf,
  type ClientDocument,
  type ClientOperation,
  type Parameter,
} from './contract-operations.ts';
import { docstring, lineLength, typeOf } from './python-models.ts';
import { summaryOf, type Schema, type Schemas } from './schemas.ts';

/** A value that a method takes. */
interface Argument {
  /** Its name in the request. */
  readonly wire: string;
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly place: 'path' | 'query' | 'body' | 'content' | 'if_match' | 'idempotency_key';
  readonly isRequired: boolean;
}

const headers: Record<string, 'if_match' | 'idempotency_key'> = {
  'If-Match': 'if_match',
  'Idempotency-Key': 'idempotency_key',
};

/** The source of async_operations.py, and the names of the schemas that models.py must have. */
export function operationsModule(document: ClientDocument): { readonly source: string; readonly models: string[] } {
  const { schemas } = document.components;
  const all = operationsOf(document).map((operation) => ({ operation, given: argumentsOf(operation, schemas) }));
  const lines = all.flatMap(({ operation, given }) => [
    ...methodOf(operation, given),
    ...iteratorOf(operation, given, itemOf(operation, schemas)),
  ]);
  const named = all.flatMap(({ operation, given }) => [
    operation.reply ?? '',
    itemOf(operation, schemas) ?? '',
    ...given.map(({ type }) => type),
  ]);
  const models = [...new Set(named)].filter((name) => name in schemas).sort();
  const source = [
    '"""The operations of the contract. Generated from it."""',
    '',
    'from abc import ABC, abstractmethod',
    'from collections.abc import AsyncIterator',
    'from datetime import datetime',
    'from uuid import uuid4',
    '',
    'from .async_pages import each',
    'from .calls import Call, segment',
    'from .decoding import Reader, Result, nothing, optional, reader',
    ...fitted('from .models import (', models, ')', ''),
    '',
    '',
    'class AsyncOperations(ABC):',
    '    """Each operation of the contract as a method."""',
    '',
    '    @abstractmethod',
    '    async def _send(self, call: Call, read: Reader[Result]) -> Result: ...',
    ...lines,
    '',
  ].join('\n');
  return { source, models: [...models, 'Problem'] };
}

function argumentsOf({ body, bytes, parameters }: ClientOperation, schemas: Schemas): Argument[] {
  const { properties = {}, required = [] } = schemas[body ?? ''] ?? {};
  return [
    ...Object.entries(properties).map(([name, schema]) =>
      argument('body', name, schema, schemas, required.includes(name)),
    ),
    ...(bytes ? [argument('content', snakeCase(bytes).slice(1), schemas[bytes] ?? {}, schemas, true)] : []),
    ...parameters.map((one) => fromParameter(one, schemas)),
  ];
}

function fromParameter({ name, in: place, description, schema = {} }: Parameter, schemas: Schemas): Argument {
  const described = { ...schema, ...(description && { description }) };
  if (place === 'path' || place === 'query') return argument(place, name, described, schemas, place === 'path');
  const header = headers[name];
  if (!header) throw new Error(`the Python client can't send ${name}`);
  return { ...argument(header, name, described, schemas, false), name: header };
}

function argument(
  place: Argument['place'],
  wire: string,
  schema: Schema,
  schemas: Schemas,
  isRequired: boolean,
): Argument {
  const type = typeOf(schema, schemas);
  // None means that a value is not sent.
  if (type.endsWith('| None')) throw new Error(`the Python client can't send null as ${wire}`);
  const name = wire === 'from' ? 'from_' : wire;
  return { wire, name, type, summary: summaryOf(schema, schemas), place, isRequired };
}

function methodOf(operation: ClientOperation, all: readonly Argument[]): string[] {
  const { id, summary, description, method, path, body, reply, mayBeEmpty, isSecured, isTyped } = operation;
  const { repliesWithBytes } = operation;
  const values = (place: Argument['place']) => all.filter((one) => one.place === place);
  const dict = (place: 'query' | 'body') =>
    fitted(
      `${place}={`,
      values(place).map(({ wire, name }) => `"${wire}": ${name}`),
      '},',
      '            ',
    );
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `{segment(${name})}`);
  const call = [
    `operation="${id}",`,
    `method="${method}",`,
    `path=${filled === path ? '' : 'f'}"${filled}",`,
    `secured=${pythonBoolean(isSecured)},`,
    `typed=${pythonBoolean(isTyped)},`,
  ].map((line) => `            ${line}`);
  const given = [
    ...(values('query').length > 0 ? dict('query') : []),
    ...(body ? dict('body') : []),
    ...values('content').map(({ name }) => `            content=${name},`),
    ...(values('if_match').length > 0 ? ['            if_match=if_match,'] : []),
    ...(values('idempotency_key').length > 0 ? ['            idempotency_key=idempotency_key or str(uuid4()),'] : []),
  ];
  const type = reply ?? (repliesWithBytes ? 'bytes' : 'None');
  const reader = type === 'None' ? 'nothing' : `reader(${type})`;
  const isOptional = reply !== undefined && mayBeEmpty;
  const name = `${ofTheSession.has(id) ? '_' : ''}${snakeCase(id)}`;
  return [
    '',
    ...signature(`async def ${name}`, all, `${type}${isOptional ? ' | None' : ''}`),
    ...docstring(
      [`${summary}: \`${method} ${path}\`.`, '', unwrapped(description), ...argumentDocs(all)].join('\n').trim(),
      '        ',
    ),
    '        call = Call(',
    ...call,
    ...given,
    '        )',
    `        return await self._send(call, ${isOptional ? `optional(${reader})` : reader})`,
  ];
}

/** A method that iterates over all pages of a list. */
function iteratorOf({ id }: ClientOperation, all: readonly Argument[], item: string | undefined): string[] {
  if (item === undefined) return [];
  const list = snakeCase(id);
  const filters = all.filter(({ name }) => !['cursor', 'page', 'limit'].includes(name));
  const passed = [...filters.map(({ name }) => `${name}=${name}`), 'limit=100', 'cursor=cursor'];
  return [
    '',
    ...signature(`def ${list.replace(/^list_(\w+)s$/, 'each_$1')}`, filters, `AsyncIterator[${item}]`),
    ...docstring(`Iterates over what \`${list}\` lists, a page at a time.`, '        '),
    '        return each(',
    ...fitted(`lambda cursor: self.${list}(`, passed, ')', '            '),
    '        )',
  ];
}

function signature(start: string, given: readonly Argument[], result: string): string[] {
  const inPath = given.filter(({ place }) => place === 'path').map(({ name, type }) => `${name}: ${type}`);
  const named = given
    .filter(({ place }) => place !== 'path')
    .map(({ name, type, isRequired }) => (isRequired ? `${name}: ${type}` : `${name}: ${type} | None = None`));
  const all = ['self', ...inPath, ...(named.length > 0 ? ['*', ...named] : [])];
  return fitted(`${start}(`, all, `) -> ${result}:`, '    ');
}

/** Parts on one line, or, if they don't fit, on a line each. */
function fitted(start: string, parts: readonly string[], end: string, indent: string): string[] {
  const line = `${indent}${start}${parts.join(', ')}${end}`;
  if (line.length <= lineLength) return [line];
  return [indent + start, ...parts.map((part) => `${indent}    ${part},`), indent + end];
}

function argumentDocs(given: readonly Argument[]): string[] {
  if (given.length === 0) return [];
  return ['', 'Args:', ...given.map(({ name, summary }) => `    ${name}: ${summary}`)];
}

// Paragraphs stay apart; their lines are wrapped anew.
function unwrapped(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => (paragraph.startsWith('- ') ? paragraph : paragraph.replaceAll(/\s+/g, ' ')))
    .join('\n\n');
}

/** An operation's name as Python spells it. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function pythonBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}
