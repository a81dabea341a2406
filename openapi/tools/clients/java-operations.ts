/** The operations of the Java client, each as a method that waits and one that does not. */
import {
  itemOf,
  ofTheSession,
  operationsOf,
  type ClientDocument,
  type ClientOperation,
} from './contract-operations.ts';
import { modelFile, recordOf } from './java-models.ts';
import { classOf, fieldOf, javadoc, lineLength, paragraphsOf, typeOf, type Sources } from './java-names.ts';
import { nameOf, summaryOf, type Schemas } from './schemas.ts';

/** A value that a method takes. */
interface Argument {
  readonly type: string;
  readonly name: string;
  /** What stands for it where it is left out. */
  readonly otherwise?: string;
}

const headers: Record<string, Argument> = {
  'If-Match': { type: 'IfMatch', name: 'ifMatch', otherwise: 'null' },
  'Idempotency-Key': { type: 'IdempotencyKey', name: 'key', otherwise: 'IdempotencyKey.random()' },
};

/** The sources of the operations and their queries, and the names of the schemas that they use. */
export function operationFiles({ paths, components, ...document }: ClientDocument): {
  readonly sources: Sources;
  readonly models: string[];
  readonly requests: ReadonlySet<string>;
} {
  const { schemas } = components;
  const all = operationsOf({ paths, components, ...document });
  const open = all.filter(({ id }) => !ofTheSession.has(id));
  const waiting = open.flatMap((one) => [...waitingMethods(one, schemas), ...iteratorOf(one, schemas)]);
  const sources = {
    'Operations.java': operationsFile('Operations', 'The operations of the contract.', [
      '',
      '  /** The same operations without waiting. */',
      '  public abstract AsyncOperations async();',
      ...waiting,
    ]),
    'AsyncOperations.java': operationsFile('AsyncOperations', 'The operations of the contract, without waiting.', [
      '',
      '  abstract <T> CompletableFuture<T> send(Call call, Function<HttpResponse<byte[]>, T> read);',
      ...all.flatMap((one) => asyncMethods(one, schemas)),
    ]),
    ...Object.fromEntries(all.flatMap((one) => queryFile(one, schemas))),
  };
  const inQuery = all.flatMap(({ parameters }) => parameters.map(({ schema }) => nameOf(schema ?? {}) ?? ''));
  const bodies = all.map(({ body = '' }) => body);
  const models = [...bodies, ...all.map(({ reply = '' }) => reply), ...inQuery, 'Problem'];
  return { sources, models, requests: new Set(bodies) };
}

function operationsFile(name: string, summary: string, lines: readonly string[]): string {
  const text = lines.join('\n');
  const imported = [
    'java.net.http.HttpResponse',
    'java.util.Optional',
    'java.util.concurrent.CompletableFuture',
    'java.util.function.Function',
  ].filter((one) => new RegExp(`\\b${one.split('.').at(-1)}\\b`).test(text));
  return [
    '// Generated from the contract; do not edit.',
    'package latchkey;',
    '',
    ...imported.map((one) => `import ${one};`),
    'import latchkey.model.*;',
    '',
    `/** ${summary} */`,
    `public abstract sealed class ${name} permits ${name.replace('Operations', 'LatchkeyClient')} {`,
    `  ${name}() {}`,
    ...lines,
    '}',
    '',
  ].join('\n');
}

/** The methods that wait; what may be left out has a method without it. */
function waitingMethods(operation: ClientOperation, schemas: Schemas): string[] {
  const { id, summary, description, method, path } = operation;
  const given = argumentsOf(operation, schemas);
  const type = replyOf(operation).replace('Void', 'void');
  const doc = [`${summary} ({@code ${method} ${path}}).`, ...paragraphsOf(description)];
  const call = (names: string) => `async().${id}(${names})`;
  return overloads(given).flatMap(({ declared, passed, isShort }) => [
    '',
    ...(isShort ? [`  /** The same without {@code ${given.at(-1)?.name ?? ''}}. */`] : javadoc(doc, '  ')),
    `  public ${type} ${id}(${declared}) {`,
    `    ${type === 'void' ? '' : 'return '}Waiting.await(${call(passed)});`,
    '  }',
  ]);
}

function asyncMethods(operation: ClientOperation, schemas: Schemas): string[] {
  const { id, method, path, isSecured, isTyped, body, bytes, parameters } = operation;
  const given = argumentsOf(operation, schemas);
  const isOpen = !ofTheSession.has(id);
  const start = `${isOpen ? 'public ' : ''}CompletableFuture<${replyOf(operation)}> ${id}`;
  const doc = `  /** Begins {@link Operations#${id}(${given.map(({ type }) => type).join(', ')})}. */`;
  const set = [
    ...(isSecured ? ['.secured()'] : []),
    ...(isTyped ? ['.typed()'] : []),
    ...parameters.filter((one) => one.in === 'query').map(({ name }) => `.query("${name}", query.${fieldOf(name)}())`),
    ...(body ? ['.body(body)'] : []),
    ...(bytes ? [`.body(${fieldOf(bytes.toLowerCase())})`] : []),
    ...given.filter(({ type }) => type === 'IfMatch').map(() => '.ifMatch(ifMatch)'),
    ...given.filter(({ type }) => type === 'IdempotencyKey').map(() => '.idempotencyKey(key)'),
  ];
  const passed = given.map(({ name, otherwise }) => otherwise ?? name).join(', ');
  return overloads(given).flatMap(({ declared, isShort }) => [
    '',
    ...(isOpen ? [isShort ? doc.replace(/(?:, )?\w+\)\}/, ')}') : doc] : []),
    `  ${start}(${declared}) {`,
    ...(isShort ? [`    return ${id}(${passed});`] : callOf(`new Call("${id}", "${method}", ${pathOf(path)})`, set)),
    ...(isShort ? [] : [`    return send(call, ${readerOf(operation)});`]),
    '  }',
  ]);
}

/** A call with what is set, on one line if that fits. */
function callOf(start: string, set: readonly string[]): string[] {
  const line = `    Call call = ${start}${set.join('')};`;
  if (line.length <= lineLength) return [line];
  return ['    Call call =', `        ${start}`, `${set.map((one) => `            ${one}`).join('\n')};`];
}

/** A method that iterates over all pages of a list. */
function iteratorOf(operation: ClientOperation, schemas: Schemas): string[] {
  const item = itemOf(operation, schemas);
  if (item === undefined) return [];
  const list = operation.id;
  const name = list.replace(/^list(\w+)s$/, 'each$1');
  const type = `${classOf(list)}Query`;
  const hasPage = operation.parameters.some(({ name }) => name === 'page');
  return [
    '',
    `  /** What {@link #${list}(${type})} lists, fetched a page at a time. */`,
    `  public Pages<${item}> ${name}(${type} query) {`,
    '    return new Pages<>(',
    '        cursor -> {',
    `          ${operation.reply ?? ''} page = ${list}(query.withLimit(100).withCursor(cursor)${hasPage ? '.withPage(null)' : ''});`,
    '          return new Pages.Page<>(page.items(), page.nextCursor());',
    '        });',
    '  }',
    '',
    '  /** The same without {@code query}. */',
    `  public Pages<${item}> ${name}() {`,
    `    return ${name}(new ${type}());`,
    '  }',
  ];
}

/** The query of an operation as a record, in which null is not sent. */
function queryFile({ id, parameters }: ClientOperation, schemas: Schemas): [string, string][] {
  const inQuery = parameters.filter((one) => one.in === 'query');
  if (inQuery.length === 0) return [];
  const name = `${classOf(id)}Query`;
  const components = inQuery.map(({ name: wire, description, schema = {} }) => ({
    name: fieldOf(wire),
    type: typeOf(schema, schemas).type,
    isRequired: false,
    isSecret: false,
    summary: summaryOf({ ...schema, ...(description && { description }) }, schemas),
  }));
  const summary = `The query of \`${id}\`. What is null is not sent.`;
  return [[`model/${name}.java`, modelFile(recordOf(name, summary, components, true))]];
}

function argumentsOf({ id, parameters, body, bytes }: ClientOperation, schemas: Schemas): Argument[] {
  const inPath = parameters.filter((one) => one.in === 'path');
  for (const { name, schema = {} } of inPath) {
    if (typeOf(schema, schemas).type !== 'String') throw new Error(`the Java client can't send ${name}`);
  }
  const query = `${classOf(id)}Query`;
  return [
    ...inPath.map(({ name }) => ({ type: 'String', name: fieldOf(name) })),
    ...(body ? [{ type: body, name: 'body' }] : []),
    ...(bytes ? [{ type: 'byte[]', name: fieldOf(bytes.toLowerCase()) }] : []),
    ...(parameters.some((one) => one.in === 'query')
      ? [{ type: query, name: 'query', otherwise: `new ${query}()` }]
      : []),
    ...parameters
      .filter((one) => one.in === 'header')
      .map(({ name }) => headers[name] ?? raise(`the Java client can't send ${name}`)),
  ];
}

/** The signatures of a method: whole, and without the last argument if that may be left out. */
function overloads(given: readonly Argument[]) {
  const of = (some: readonly Argument[], isShort: boolean) => ({
    declared: some.map(({ type, name }) => `${type} ${name}`).join(', '),
    passed: some.map(({ name }) => name).join(', '),
    isShort,
  });
  return [of(given, false), ...(given.at(-1)?.otherwise ? [of(given.slice(0, -1), true)] : [])];
}

function replyOf({ reply, repliesWithBytes, mayBeEmpty }: ClientOperation): string {
  if (repliesWithBytes) return 'byte[]';
  if (reply === undefined) return 'Void';
  return mayBeEmpty ? `Optional<${reply}>` : reply;
}

function readerOf({ reply, repliesWithBytes, mayBeEmpty }: ClientOperation): string {
  if (repliesWithBytes) return 'Answers.picture()';
  if (reply === undefined) return 'Answers.nothing()';
  return `Answers.${mayBeEmpty ? 'optional' : 'of'}(${reply}.class)`;
}

function pathOf(path: string): string {
  const parts = path
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part && `"${part}"` : `Call.segment(${fieldOf(part)})`));
  return parts.filter(Boolean).join(' + ');
}

function raise(message: string): never {
  throw new Error(message);
}
