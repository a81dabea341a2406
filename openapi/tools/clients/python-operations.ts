/** The operations of the Python client, each as a method. */
import { fullPathOf } from '../generate/operations.ts';
import { docstring, lineLength, nameOf, summaryOf, typeOf, type Schema, type Schemas } from './python-models.ts';

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  description?: string;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
  'x-rate-limit'?: string;
}

/** The parts of the bundled contract that the Python client needs. */
export interface PythonDocument {
  info: { version: string };
  servers: { url: string }[];
  security?: unknown[];
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: { schemas: Schemas; parameters: Record<string, Parameter> };
}

/** A value that a method takes. */
interface Argument {
  /** Its name in the request. */
  readonly wire: string;
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly place: 'path' | 'query' | 'body' | 'if_match' | 'idempotency_key';
  readonly isRequired: boolean;
}

interface Method {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly arguments: readonly Argument[];
  /** The schema of the response body. */
  readonly reply: string | undefined;
  readonly mayBeEmpty: boolean;
  readonly isSecured: boolean;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
// What the client wraps.
const ofTheSession = new Set(['login', 'logout', 'refreshTokens', 'reauthenticate']);
const headers: Record<string, 'if_match' | 'idempotency_key'> = {
  'If-Match': 'if_match',
  'Idempotency-Key': 'idempotency_key',
};

/** The source of async_operations.py, and the names of the schemas that models.py must have. */
export function operationsModule(document: PythonDocument): { readonly source: string; readonly models: string[] } {
  const { schemas } = document.components;
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [read(document, path, method, item[method])] : [])),
  );
  const bodies = all.flatMap((one) => one.arguments.map(({ type }) => type)).filter((type) => type in schemas);
  const models = [...new Set([...all.flatMap(({ reply }) => reply ?? []), ...bodies])].sort();
  const lines = all.flatMap((one) => [...methodOf(one), ...iteratorOf(one, schemas)]);
  const imported = new Set([...models, ...all.flatMap((one) => itemOf(one, schemas) ?? [])]);
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
    ...fitted('from .models import (', [...imported].sort(), ')', ''),
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
  return { source, models: [...imported, 'Problem'] };
}

function read(document: PythonDocument, path: string, method: string, operation: Operation): Method {
  const { schemas, parameters: shared } = document.components;
  const item = document.paths[path] ?? {};
  const parameters = [
    ...((item as { parameters?: Parameter[] }).parameters ?? []),
    ...(operation.parameters ?? []),
  ].map((one) => shared[nameOf(one) ?? ''] ?? one);
  const body = operation.requestBody?.content['application/json']?.schema;
  const bodySchema = schemas[nameOf(body ?? {}) ?? ''];
  const replies = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const names = replies.map(([, { content }]) => nameOf(content?.['application/json']?.schema ?? {}));
  return {
    operation,
    method: method.toUpperCase(),
    path: fullPathOf(path, item, document),
    arguments: [
      ...Object.entries(bodySchema?.properties ?? {}).map(([name, schema]) =>
        argument('body', name, schema, schemas, bodySchema?.required?.includes(name) ?? false),
      ),
      ...parameters.map((one) => fromParameter(one, schemas)),
    ],
    reply: names.find((name) => name !== undefined),
    mayBeEmpty: names.includes(undefined),
    isSecured: (operation.security ?? document.security ?? []).length > 0,
  };
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

function methodOf({ operation, method, path, arguments: all, reply, mayBeEmpty, isSecured }: Method): string[] {
  const { operationId, summary, description = '' } = operation;
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
    `operation="${operationId}",`,
    `method="${method}",`,
    `path=${filled === path ? '' : 'f'}"${filled}",`,
    `secured=${pythonBoolean(isSecured)},`,
    `typed=${pythonBoolean(operation['x-rate-limit'] === 'credentials')},`,
  ].map((line) => `            ${line}`);
  const given = [
    ...(values('query').length > 0 ? dict('query') : []),
    ...(operation.requestBody ? dict('body') : []),
    ...(values('if_match').length > 0 ? ['            if_match=if_match,'] : []),
    ...(values('idempotency_key').length > 0 ? ['            idempotency_key=idempotency_key or str(uuid4()),'] : []),
  ];
  const type = reply ?? 'None';
  const reader = reply ? `reader(${reply})` : 'nothing';
  const isOptional = reply !== undefined && mayBeEmpty;
  const name = `${ofTheSession.has(operationId) ? '_' : ''}${snakeCase(operationId)}`;
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
function iteratorOf(one: Method, schemas: Schemas): string[] {
  const item = itemOf(one, schemas);
  if (item === undefined) return [];
  const list = snakeCase(one.operation.operationId);
  const filters = one.arguments.filter(({ name }) => !['cursor', 'page', 'limit'].includes(name));
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

/** The items of a list that is read by cursor. */
function itemOf({ arguments: given, reply }: Method, schemas: Schemas): string | undefined {
  if (!given.some(({ place, name }) => place === 'query' && name === 'cursor')) return undefined;
  return nameOf(schemas[reply ?? '']?.properties?.['items']?.items ?? {});
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
