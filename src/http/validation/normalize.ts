import type { Request, RequestHandler } from 'express';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { normalizeFullName } from '../../platform/formats/full-name.ts';
import { canonicalUuid } from '../../platform/formats/uuid.ts';
import { resolve, type OpenApiDocument, type ContractOperation, type Schema } from './document.ts';

type Fields = Record<string, unknown>;
type Normalize = (value: unknown) => unknown;
type Rule = (schema: Schema) => Normalize | undefined;

/**
 * Creates the step that normalises an operation's requests before they are checked: text gets its canonical spelling, by the `format`
 * or `x-normalize` of its schema, and a parameter that is not a number in JSON becomes NaN. It refuses nothing; if there is nothing to
 * normalise, there is no step.
 */
export function createNormalization(contract: OpenApiDocument, parts: ContractOperation['parts']): RequestHandler[] {
  const ofParameters = createNormalizers(contract, [normalizeText, normalizeNumber]);
  const steps: ((request: Request) => void)[] = [];
  for (const [part, fieldsOf] of Object.entries(parameters)) {
    const normalize = ofParameters(parts[part as keyof typeof parameters]);
    if (normalize) steps.push((request) => void normalize(fieldsOf(request)));
  }
  const normalizeBody = createNormalizers(contract, [normalizeText])(parts.body);
  if (normalizeBody) steps.push((request) => void (request.body = normalizeBody(request.body)));
  if (steps.length === 0) return [];
  return [
    (request, _response, next) => {
      for (const step of steps) step(request);
      next();
    },
  ];
}

const parameters = {
  path: (request: Request): Fields => request.params,
  query: (request: Request): Fields => request.query,
  headers: (request: Request): Fields => request.headers,
};

/** Creates a schema's normalizer once, if there is anything to normalise. Objects and lists are changed in place. */
function createNormalizers(contract: OpenApiDocument, rules: readonly Rule[]) {
  const bySchema = new Map<Schema, Normalize | undefined>();

  function of(reference: Schema): Normalize | undefined {
    const schema = resolve<Schema>(contract, reference);
    if (!bySchema.has(schema)) {
      // A schema may be recursive.
      bySchema.set(schema, (value) => bySchema.get(schema)?.(value) ?? value);
      bySchema.set(schema, make(schema));
    }
    return bySchema.get(schema);
  }

  function make(schema: Schema): Normalize | undefined {
    const { items, properties = {}, additionalProperties, allOf = [], anyOf = [], oneOf = [] } = schema;
    const all = [
      ...rules.map((rule) => rule(schema)),
      items && ofItems(of(items)),
      ofFields(properties, additionalProperties),
      ...[...allOf, ...anyOf, ...oneOf].map(of),
    ].filter((normalize) => normalize !== undefined);
    return all.length === 0 ? undefined : (value) => all.reduce((normal, normalize) => normalize(normal), value);
  }

  function ofItems(normalize: Normalize | undefined): Normalize | undefined {
    return normalize && ((value) => (Array.isArray(value) ? value.map(normalize) : value));
  }

  function ofFields(properties: Readonly<Record<string, Schema>>, others: unknown): Normalize | undefined {
    const normalizers = new Map(Object.entries(properties).map(([name, schema]) => [name, of(schema)]));
    const ofOthers = typeof others === 'object' ? of(others as Schema) : undefined;
    if (!ofOthers && [...normalizers.values()].every((normalize) => normalize === undefined)) return undefined;
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const fields = value as Fields;
      for (const [name, field] of Object.entries(fields)) {
        const normalize = normalizers.has(name) ? normalizers.get(name) : ofOthers;
        if (normalize) fields[name] = normalize(field);
      }
      return fields;
    };
  }

  return of;
}

/** The normal forms of text, by `x-normalize` or format. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  uuid: canonicalUuid,
  'idn-email': normalizeEmailAddress,
  'full-name': normalizeFullName,
  // Composing takes quadratic time, and turns at most four characters into one.
  nfc: (text) => (text.length > 1000 ? text : text.normalize('NFC')),
};

function normalizeText(schema: Schema): Normalize | undefined {
  const normalForm = forms[schema['x-normalize'] ?? schema.format ?? ''];
  return normalForm && ((value) => (typeof value === 'string' ? normalForm(value) : value));
}

// JSON's syntax (RFC 8259, section 6). The validator accepts all that JavaScript does, such as `0x10`, ` 1` and `1e1`.
const numbers: Readonly<Record<string, RegExp>> = {
  integer: /^(?:0|-?[1-9]\d*)$/,
  number: /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/,
};

function normalizeNumber({ type }: Schema): Normalize | undefined {
  const written = numbers[[type].flat().find((name) => name !== 'null') ?? ''];
  // An empty parameter has its own violation.
  const isNone = (value: unknown) => typeof value === 'string' && value !== '' && !written?.test(value);
  return written && ((value) => (isNone(value) ? NaN : value));
}
