/** Turns the validator's errors into violations: one for each place of the request, with a sentence for people. */
import type { Violation } from '../../platform/errors.ts';
import { describeViolation, type ViolationDetails, type ViolationRule } from '../../platform/violations.ts';
import { resolve, type OpenApiDocument, type ContractOperation, type RequestPart, type Schema } from './document.ts';

/** An error of the validator. Its code begins with the keyword of JSON Schema that was broken. */
export interface BrokenRule {
  readonly path: string;
  readonly errorCode: string;
}

type RequestParts = Readonly<Record<RequestPart, unknown>>;

// If a value breaks several rules, only the first of these is reported. The others follow from it, or help less.
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
  'maxProperties',
  'maxItems',
]);

/** The contract's maximum. */
export const maxViolations = 100;

/** Describes violations of one operation's requests. */
export type Violations = ReturnType<typeof createViolations>;

/** Describes violations by the schemas of an operation's requests. */
export function createViolations(contract: OpenApiDocument, parts: ContractOperation['parts']) {
  const schemaAt = (names: readonly string[]): Schema | undefined =>
    names.reduce<Schema | undefined>(
      (schema, name) => {
        const { properties = {}, items } = schema ?? {};
        const inner = Object.hasOwn(properties, name) ? properties[name] : items;
        return inner && resolve<Schema>(contract, inner);
      },
      { properties: parts },
    );

  function describe(names: readonly string[], rule: ViolationRule): Violation {
    const schema = schemaAt(names) ?? {};
    const message = rule === 'pattern' ? schema['x-message'] : undefined;
    return describeViolation(names, rule, detailsOf(rule, schema), message);
  }

  /** What is wrong with a query parameter regardless of its schema, if anything. */
  function ruleOfParameter(name: string, value: unknown): ViolationRule | undefined {
    if (schemaAt(['query', name]) === undefined) return 'unknown_parameter';
    return value === '' ? 'empty_parameter' : undefined;
  }

  /** The validator's errors as violations, together with those found before, at most one per place. */
  function describeAll(
    errors: readonly BrokenRule[],
    request: RequestParts,
    before: readonly Violation[] = [],
  ): Violation[] {
    const found = new Map(before.slice(0, maxViolations).map((violation) => [violation.pointer, violation]));
    for (const error of errors) {
      if (found.size === maxViolations) break;
      // The errors within an `if` name the mistake; that of the `if` itself only says that there is one.
      if (error.errorCode === 'if.openapi.validation') continue;
      const names = namesOf(error.path, request);
      const violation = describe(names, ruleOf(error, names, request));
      const other = found.get(violation.pointer);
      if (!other || rank(violation) < rank(other)) found.set(violation.pointer, violation);
    }
    return [...found.values()];
  }

  return { describe, describeAll, ruleOfParameter };
}

/**
 * The names that lead to a place. The validator escapes them by RFC 6901, but not the name of an unknown or missing field at the end;
 * if a field's name is empty, it loses the path.
 */
function namesOf(path: string, request: RequestParts): string[] {
  if (path === '') return ['body', ''];
  const segments = path
    .replace(/^\/params\//, '/path/')
    .slice(1)
    .split('/');
  const names: string[] = [];
  let value: unknown = request;
  for (let place = 0; place < segments.length; place += 1) {
    const rest = place === 0 ? '' : segments.slice(place).join('/');
    if (isObject(value) && Object.hasOwn(value, rest)) return [...names, rest];
    const name = (segments[place] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
    names.push(name);
    value = isObject(value) ? value[name] : undefined;
  }
  return names;
}

function ruleOf({ errorCode }: BrokenRule, [part, name = '']: string[], { query }: RequestParts): ViolationRule {
  const rule = errorCode.split('.')[0] as ViolationRule;
  const isRepeated = part === 'query' && isObject(query) && Array.isArray(query[name]);
  return rule === 'type' && isRepeated ? 'repeated_parameter' : rule;
}

function detailsOf(rule: ViolationRule, schema: Schema): ViolationDetails {
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
