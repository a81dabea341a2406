/** Describes what Redocly found, in sentences. */
import { isObject, tokensOf, type ContractIndex } from './contract-index.ts';

/** One change in the report of `redocly diff`, without its verdicts. */
export interface Finding {
  /** The path that reaches it first, through references; `base` and `revision` have its own place. */
  readonly path: string;
  readonly typeName: string;
  readonly kind: 'added' | 'removed' | 'modified';
  readonly property?: string;
  readonly base?: Side;
  readonly revision?: Side;
}

interface Side {
  readonly pointer: string;
  readonly value?: unknown;
}

const longest = 60;

/**
 * The place of a change: the referenced part itself, so that it counts for everything that uses it, or the path to it if the
 * reference now points elsewhere.
 */
export function placeOf({ kind, property, path, base, revision }: Finding): string {
  if (kind === 'removed') return base?.pointer ?? path;
  const [before, after] = [base, revision].map((side) => parentOf(side?.pointer ?? path, property));
  return kind === 'modified' && property !== 'key' && before !== after ? path : (revision?.pointer ?? path);
}

/** A sentence about a change; undefined if another change in the report already covers it. */
export function describeFinding(finding: Finding, base: ContractIndex, revision: ContractIndex): string | undefined {
  const { kind, property } = finding;
  const pointer = placeOf(finding);
  if (kind === 'removed') return `${subject(pointer, base)} was removed.`;
  if (kind === 'added') {
    const { value } = finding.revision ?? {};
    const isRequired = finding.typeName === 'Parameter' && isObject(value) && value['required'] === true;
    return `${subject(pointer, revision)} was added${isRequired ? ' and is required' : ''}.`;
  }
  const parent = subject(parentOf(pointer, property), revision);
  const [before, after] = [finding.base?.value, finding.revision?.value];
  if (property === 'required') return describeRequired(finding, parent, base, revision);
  if (property === 'enum') return describeList('values', parent, before, after);
  if (property === 'deprecated') return `${parent} is ${after === true ? 'deprecated' : 'no longer deprecated'}.`;
  if (property === 'key') return `${kindName(pointer, revision)}${quote(before)} became ${quote(after)}.`;
  return describeValue(String(property), parent, before, after);
}

function describeValue(property: string, parent: string, before: unknown, after: unknown): string {
  const what = `the \`${property}\` of ${parent}`;
  if (before === undefined) return `${what} was set${isShort(after) ? ` to ${quote(after)}` : ''}.`;
  if (after === undefined) return `${what} was removed${isShort(before) ? `; it was ${quote(before)}` : ''}.`;
  if (!isShort(before) || !isShort(after)) return `${what} changed.`;
  return `${what} changed from ${quote(before)} to ${quote(after)}.`;
}

function describeRequired(
  { base, revision }: Finding,
  parent: string,
  older: ContractIndex,
  newer: ContractIndex,
): string | undefined {
  const [before, after] = [base?.value, revision?.value];
  if (typeof before === 'boolean' || typeof after === 'boolean') {
    return `${parent} became ${after === true ? 'required' : 'optional'}.`;
  }
  const isLeft = (name: unknown) => hasProperty(newer, parentOf(revision?.pointer ?? '', 'required'), name);
  const wasThere = (name: unknown) => hasProperty(older, parentOf(base?.pointer ?? '', 'required'), name);
  const optional = missing(before, after).filter(isLeft);
  const added = missing(after, before);
  const required = added.filter(wasThere);
  const sentences = [
    ...(optional.length > 0 ? [`${parent} no longer always has ${list(optional)}`] : []),
    ...(required.length > 0 ? [`${list(required)} of ${parent} became required`] : []),
    ...(added.length > required.length ? [`${parent} requires the new ${list(missing(added, required))}`] : []),
  ];
  return sentences.length > 0 ? `${sentences.join('; ')}.` : undefined;
}

function describeList(what: string, parent: string, before: unknown, after: unknown): string {
  const [lost, gained] = [missing(before, after), missing(after, before)];
  const parts = [
    ...(lost.length > 0 ? [`lost ${list(lost)}`] : []),
    ...(gained.length > 0 ? [`gained ${list(gained)}`] : []),
  ];
  return `the ${what} of ${parent} ${parts.join(' and ') || 'changed their order'}.`;
}

/** What a pointer points to, in words: the last named thing on the way. */
function subject(pointer: string, index: ContractIndex): string {
  const tokens = tokensOf(pointer);
  const [first, second = '', third = '', ...rest] = tokens;
  if (first === 'components' && second === 'schemas') return `\`${[third, ...fieldsIn(rest)].join('.')}\``;
  if (first !== 'paths' && first !== 'components') return `\`${tokens.join('.') || 'the document'}\``;
  const fields = fieldsIn(rest);
  if (fields.length > 0) return `\`${fields.join('.')}\` of ${named(pointer, index)}`;
  return named(pointer, index);
}

// From the end, so that a response's header is called a header.
function named(pointer: string, index: ContractIndex): string {
  const tokens = tokensOf(pointer);
  const steps = pointer.split('/').slice(1);
  for (let place = tokens.length - 1; place > 0; place -= 1) {
    const [container = '', name = ''] = [tokens[place - 1], tokens[place]];
    const here = index.partAt(`#/${steps.slice(0, place + 1).join('/')}`);
    if (container === 'parameters') return `parameter \`${parameterName(here, index) ?? name}\``;
    if (container === 'headers') return `header \`${name}\``;
    if (container === 'content') return `media type \`${name}\``;
    if (container === 'responses') return `response \`${name}\``;
    if (container === 'examples') return `example \`${name}\``;
    if (container === 'securitySchemes') return `security scheme \`${name}\``;
    if (name === 'requestBody') return 'the request body';
  }
  if (tokens.length < 3) return 'the path';
  const container = tokens.at(-1) ?? '';
  return ['parameters', 'responses'].includes(container) ? `all that was in \`${container}\`` : 'the operation';
}

function parameterName(part: unknown, { partAt }: ContractIndex): string | undefined {
  const parameter = isObject(part) && typeof part['$ref'] === 'string' ? partAt(part['$ref']) : part;
  return isObject(parameter) && typeof parameter['name'] === 'string' ? parameter['name'] : undefined;
}

function fieldsIn(tokens: string[]): string[] {
  const fields: string[] = [];
  for (let place = 0; place < tokens.length; place += 1) {
    if (tokens[place] !== 'properties') continue;
    place += 1;
    fields.push(tokens[place] ?? 'properties');
  }
  return fields;
}

function kindName(pointer: string, index: ContractIndex): string {
  const words = named(pointer, index).split('`')[0] ?? '';
  return words.endsWith(' ') ? words : '';
}

// A side's pointer ends with the property, unless that side lacks it.
function parentOf(pointer: string, property = ''): string {
  return pointer.endsWith(`/${property}`) ? pointer.slice(0, -property.length - 1) : pointer;
}

function hasProperty({ partAt }: ContractIndex, pointer: string, name: unknown): boolean {
  const schema = partAt(pointer);
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) && String(name) in properties;
}

function missing(from: unknown, other: unknown): unknown[] {
  const [all, kept] = [from, other].map((value): unknown[] => (Array.isArray(value) ? value : []));
  return (all ?? []).filter((value) => !(kept ?? []).includes(value));
}

function list(values: unknown[]): string {
  return values.map(quote).join(', ');
}

function quote(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function isShort(value: unknown): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= longest && !/[`\n]/.test(text);
}
