/** Turns what the validator found wrong into violations: one for each place of the request, with a sentence for people. */
import type { Violation } from '../platform/errors.ts';
import { describeViolation, type ViolationDetails, type ViolationRule } from '../platform/violations.ts';

/** An error of the validator. Its code begins with the keyword of JSON Schema that was broken. */
export interface BrokenRule {
  readonly path: string;
  readonly errorCode: string;
}

/** What is read of a schema to say how it was broken. */
export interface RequestSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, RequestSchema>>;
  readonly items?: RequestSchema;
  /** What a person is told when `pattern` does not match. */
  readonly 'x-message'?: string;
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: RequestSchema;
}

interface ContractOperation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: RequestSchema }>> };
}

/** The parts of a request, by the names that pointers begin with. */
export type RequestParts = Readonly<Record<'path' | 'query' | 'headers' | 'body', unknown>>;

// Of several rules that one value breaks, the first of these is told. The others follow from it, or help less.
const byHelpfulness: readonly ViolationRule[] = [
  'additionalProperties',
  'unknown_parameter',
  'empty_parameter',
  'repeated_parameter',
  'required',
  'type',
  'enum',
  'minimum',
  'maximum',
  'maxLength',
  'format',
  'minLength',
  'pattern',
];

const limits: ReadonlySet<string> = new Set<ViolationRule>([
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minProperties',
]);

/** As many as the contract allows. */
export const mostViolations = 100;

/** Says which rules a request of one operation broke. */
export type BrokenRules = ReturnType<typeof createBrokenRules>;

/** Reads the schemas of an operation's requests; gives what makes violations of the validator's errors. */
export function createBrokenRules(contract: { paths: unknown }, id: string) {
  const root = requestSchema(contract, id);
  const resolve = (schema: RequestSchema | undefined) => follow(contract, schema);
  const schemaAt = (names: readonly string[]) =>
    names.reduce<RequestSchema | undefined>((schema, name) => {
      const { properties = {}, items } = resolve(schema) ?? {};
      return Object.hasOwn(properties, name) ? properties[name] : items;
    }, root);

  function describe(names: readonly string[], rule: ViolationRule): Violation {
    const schema = resolve(schemaAt(names)) ?? {};
    const message = rule === 'pattern' ? schema['x-message'] : undefined;
    return describeViolation(names, rule, detailsOf(rule, schema), message);
  }

  /** What is wrong with a parameter of the query whatever its value, if anything. */
  function ruleOfName(name: string, value: unknown): ViolationRule | undefined {
    if (schemaAt(['query', name]) === undefined) return 'unknown_parameter';
    return value === '' ? 'empty_parameter' : undefined;
  }

  /** The violations of the errors and those found before, with no place twice. */
  function describeAll(
    errors: readonly BrokenRule[],
    parts: RequestParts,
    before: readonly Violation[] = [],
  ): Violation[] {
    const found = new Map(before.slice(0, mostViolations).map((violation) => [violation.pointer, violation]));
    for (const error of errors) {
      if (found.size === mostViolations) break;
      const names = namesOf(error.path, parts);
      const violation = describe(names, ruleOf(error, names, parts));
      const other = found.get(violation.pointer);
      if (!other || rank(violation) < rank(other)) found.set(violation.pointer, violation);
    }
    return [...found.values()];
  }

  return { describe, describeAll, ruleOfName };
}

function requestSchema(contract: { paths: unknown }, id: string): RequestSchema {
  for (const item of Object.values(contract.paths as Record<string, Record<string, ContractOperation>>)) {
    for (const operation of Object.values(item)) {
      if (operation.operationId === id) return describeRequest(contract, item, operation);
    }
  }
  return {};
}

function describeRequest(
  contract: object,
  item: Pick<ContractOperation, 'parameters'>,
  operation: ContractOperation,
): RequestSchema {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => follow(contract, one));
  const within = (place: string) => ({
    properties: Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === place)
        .map(({ name, schema }) => [place === 'header' ? name.toLowerCase() : name, schema]),
    ),
  });
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {};
  return { properties: { path: within('path'), query: within('query'), headers: within('header'), body } };
}

function follow<Part extends { $ref?: string } | undefined>(contract: object, part: Part): Part {
  if (part?.$ref === undefined) return part;
  const [, ...names] = part.$ref.split('/');
  return names.reduce<unknown>((whole, name) => (whole as Record<string, unknown>)[name], contract) as Part;
}

/**
 * The names that lead to a place. The validator escapes those on the way as RFC 6901 says, and adds that of a field too many or
 * missing as it is; it loses the path of a field whose name is empty.
 */
function namesOf(path: string, parts: RequestParts): string[] {
  if (path === '') return ['body', ''];
  const segments = path
    .replace(/^\/params\//, '/path/')
    .slice(1)
    .split('/');
  const names: string[] = [];
  let value: unknown = parts;
  for (let place = 0; place < segments.length; place += 1) {
    const rest = place === 0 ? '' : segments.slice(place).join('/');
    if (isObject(value) && Object.hasOwn(value, rest)) return [...names, rest];
    const name = (segments[place] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
    names.push(name);
    value = isObject(value) ? value[name] : undefined;
  }
  return names;
}

function ruleOf({ errorCode }: BrokenRule, names: string[], parts: RequestParts): ViolationRule {
  const [place, name = ''] = names;
  const rule = errorCode.split('.')[0] as ViolationRule;
  const isRepeated = place === 'query' && isObject(parts.query) && Array.isArray(parts.query[name]);
  return rule === 'type' && isRepeated ? 'repeated_parameter' : rule;
}

function detailsOf(rule: ViolationRule, schema: RequestSchema): ViolationDetails {
  if (limits.has(rule)) return { limit: (schema as Record<string, number>)[rule] ?? 0 };
  if (rule === 'enum') return { allowed: [...(schema.enum ?? [])] };
  const expected = rule === 'type' ? [schema.type ?? []].flat()[0] : rule === 'format' ? schema.format : undefined;
  return expected === undefined ? {} : { expected };
}

function rank({ rule }: Violation): number {
  const place = byHelpfulness.indexOf(rule);
  return place < 0 ? byHelpfulness.length : place;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
