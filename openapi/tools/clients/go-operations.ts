/** The operations of the Go client, each as a method. */
import {
  itemOf,
  ofTheSession,
  operationsOf,
  type ClientDocument,
  type ClientOperation,
} from './contract-operations.ts';
import { comment, exported, typeOf } from './go-models.ts';
import { nameOf, summaryOf, type Schema, type Schemas } from './schemas.ts';

/** What a method takes, beside the context: `declared` in its signature, `set` in the call. */
interface Parts {
  readonly declared: string[];
  readonly set: string[];
}

const options: Record<string, string> = { 'If-Match': 'ChangeOption', 'Idempotency-Key': 'CreateOption' };

/** The source of operations.go, and the names of the schemas that models.go must have. */
export function operationsFile(document: ClientDocument): { readonly source: string; readonly models: string[] } {
  const { schemas } = document.components;
  const all = operationsOf(document);
  const lines = all.flatMap((one) => [
    ...queryStruct(one, schemas),
    ...methodOf(one, schemas),
    ...iteratorOf(one, schemas),
  ]);
  const imported = ['context', 'iter', 'net/url', 'time'].filter((name) =>
    lines.some((line) => line.includes(`${name.split('/').at(-1)}.`)),
  );
  const source = [
    '// Code generated from the contract; DO NOT EDIT.',
    '',
    'package latchkey',
    '',
    'import (',
    ...imported.map((name) => `\t"${name}"`),
    ')',
    ...lines,
    '',
  ].join('\n');
  const inQuery = all.flatMap(({ parameters }) => parameters.map(({ schema }) => nameOf(schema ?? {}) ?? ''));
  return { source, models: [...all.flatMap(({ body = '', reply = '' }) => [body, reply]), ...inQuery, 'Problem'] };
}

function methodOf(operation: ClientOperation, schemas: Schemas): string[] {
  const { id, summary, description, method, path, reply, repliesWithBytes, mayBeEmpty, isSecured, isTyped } = operation;
  const name = goName(id);
  const { declared, set } = partsOf(operation);
  const takes = (header: string) => operation.parameters.some((one) => one.name === header);
  const header = Object.keys(options).find(takes);
  const call = [
    '\tcall := call{',
    `\t\toperation: ${JSON.stringify(id)},`,
    `\t\tmethod: ${JSON.stringify(method)},`,
    `\t\tpath: ${pathOf(path)},`,
    ...(isSecured ? ['\t\tsecured: true,'] : []),
    ...(isTyped ? ['\t\ttyped: true,'] : []),
    ...set,
    ...(header === 'Idempotency-Key' ? ['\t\tidempotencyKey: newKey(),'] : []),
    '\t}',
  ];
  const given = ['ctx context.Context', ...declared, ...(header ? [`options ...${options[header] ?? ''}`] : [])];
  const result = reply ? `(*${reply}, error)` : repliesWithBytes ? '([]byte, error)' : 'error';
  const note = reply && mayBeEmpty ? '\nWithout a body in the response, both results are nil.' : '';
  return [
    '',
    ...comment(`${name}: ${summary} (${method} ${path}).\n\n${paragraphs(description)}${note}`),
    `func (c *Client) ${name}(${given.join(', ')}) ${result} {`,
    ...aligned(call),
    ...(header ? ['\tfor _, option := range options {', '\t\toption(&call)', '\t}'] : []),
    ...(reply
      ? sendFor(reply, mayBeEmpty)
      : repliesWithBytes
        ? sendForBytes
        : ['\t_, err := c.send(ctx, call, nil)', '\treturn err']),
    '}',
  ];

  function partsOf({ parameters, body, bytes }: ClientOperation): Parts {
    const inPath = parameters.filter((one) => one.in === 'path');
    const hasQuery = parameters.some((one) => one.in === 'query');
    for (const one of inPath) {
      if (typeOf(one.schema ?? {}, schemas) !== 'string') throw new Error(`the Go client can't send ${one.name}`);
    }
    return {
      declared: [
        ...inPath.map((one) => `${unexported(one.name)} string`),
        ...(body ? [`body ${body}`] : []),
        ...(bytes ? [`${unexported(bytes)} []byte`] : []),
        ...(hasQuery ? [`query ${exported(id)}Query`] : []),
      ],
      set: [
        ...(hasQuery ? ['\t\tquery: query.values(),'] : []),
        ...(body ? ['\t\tbody: body,'] : []),
        ...(bytes ? [`\t\tbody: ${unexported(bytes)},`] : []),
      ],
    };
  }
}

function sendFor(reply: string, mayBeEmpty: boolean): string[] {
  const [has, condition] = mayBeEmpty ? ['hasBody', 'err != nil || !hasBody'] : ['_', 'err != nil'];
  return [
    `\tvar reply ${reply}`,
    mayBeEmpty
      ? `\t${has}, err := c.send(ctx, call, &reply)`
      : '\tif _, err := c.send(ctx, call, &reply); err != nil {',
    ...(mayBeEmpty ? [`\tif ${condition} {`] : []),
    '\t\treturn nil, err',
    '\t}',
    '\treturn &reply, nil',
  ];
}

const sendForBytes = [
  '\tvar reply []byte',
  '\tif _, err := c.send(ctx, call, &reply); err != nil {',
  '\t\treturn nil, err',
  '\t}',
  '\treturn reply, nil',
];

/** The query of an operation as a struct, in which zero values are not sent. */
function queryStruct({ id, parameters }: ClientOperation, schemas: Schemas): string[] {
  const inQuery = parameters.filter((one) => one.in === 'query');
  if (inQuery.length === 0) return [];
  const name = `${exported(id)}Query`;
  const fields = inQuery.map(({ name: wire, description, schema = {} }) => {
    const type = typeOf(schema, schemas);
    const text = summaryOf({ ...schema, ...(description && { description }) }, schemas);
    return [...comment(`${exported(wire)}: ${text}`, '\t'), `\t${exported(wire)} ${type === 'bool' ? '*bool' : type}`];
  });
  return [
    '',
    ...comment(`${name} is the query of ${goName(id)}. What is left out is not sent.`),
    `type ${name} struct {`,
    ...fields.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    '}',
    '',
    `func (q ${name}) values() url.Values {`,
    '\tvalues := url.Values{}',
    ...inQuery.map(
      ({ name: wire, schema = {} }) =>
        `\tadd(values, ${JSON.stringify(wire)}, ${plain(`q.${exported(wire)}`, schema)})`,
    ),
    '\treturn values',
    '}',
  ];

  function plain(value: string, schema: Schema): string {
    return typeOf(schema, schemas) in schemas ? `string(${value})` : value;
  }
}

/** A method that iterates over all pages of a list. */
function iteratorOf(operation: ClientOperation, schemas: Schemas): string[] {
  const item = itemOf(operation, schemas);
  if (item === undefined) return [];
  const list = exported(operation.id);
  const hasPage = operation.parameters.some(({ name }) => name === 'page');
  return [
    '',
    ...comment(
      `${list.replace(/^List(\w+)s$/, 'Each$1')} iterates over what ${list} lists, a page at a time. An error ends it.`,
    ),
    `func (c *Client) ${list.replace(/^List(\w+)s$/, 'Each$1')}(ctx context.Context, query ${list}Query) iter.Seq2[${item}, error] {`,
    `\treturn each(func(cursor string) ([]${item}, *string, error) {`,
    '\t\tnext := query',
    `\t\tnext.Limit, next.Cursor${hasPage ? ', next.Page' : ''} = 100, cursor${hasPage ? ', 0' : ''}`,
    `\t\tpage, err := c.${list}(ctx, next)`,
    '\t\tif err != nil {',
    '\t\t\treturn nil, nil, err',
    '\t\t}',
    '\t\treturn page.Items, page.NextCursor, nil',
    '\t})',
    '}',
  ];
}

/** The fields of a struct literal, in columns as gofmt has them. */
function aligned(lines: readonly string[]): string[] {
  const width = Math.max(...lines.map((line) => /^\t\t\w+:/.exec(line)?.[0].length ?? 0));
  return lines.map((line) => line.replace(/^(\t\t\w+:) /, (_, name: string) => `${name.padEnd(width)} `));
}

function pathOf(path: string): string {
  const parts = path
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part && JSON.stringify(part) : `url.PathEscape(${unexported(part)})`));
  return parts.filter(Boolean).join(' + ');
}

function goName(id: string): string {
  return ofTheSession.has(id) ? id : exported(id);
}

function unexported(name: string): string {
  const spelt = exported(name);
  return spelt.charAt(0).toLowerCase() + spelt.slice(1);
}

// Paragraphs stay apart; their lines are wrapped anew.
function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' '))
    .join('\n\n');
}
