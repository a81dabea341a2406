import type { Request, RequestHandler } from 'express';
import { normalizeEmailAddress } from '../platform/formats/email-address.ts';
import { normalizeFullName } from '../platform/formats/full-name.ts';
import { canonicalUuid } from '../platform/formats/uuid.ts';

/** What a schema of the contract says of how a value is read. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly 'x-normalize'?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

/** What an operation of the contract takes; `parameters` are its path's too. */
export interface Input {
  readonly parameters: readonly unknown[];
  readonly requestBody?: unknown;
}

type Fields = Record<string, unknown>;
type Read = (value: unknown) => unknown;

/**
 * Makes the step that reads an operation's requests as the contract means them, before they are checked: a text that can be spelt in
 * several ways gets one spelling, by its schema's `format` or `x-normalize`, and what is written as no number is read as none. It refuses
 * nothing, and where there is nothing to read, there is no step.
 */
export function createReading(document: object, { parameters, requestBody }: Input): RequestHandler[] {
  const readers = new Readers(document, [readText, readNumber]);
  const steps: ((request: Request) => void)[] = [];
  for (const [place, fieldsOf] of Object.entries(places)) {
    const there = parameters.map((one) => readers.resolve(one) as Parameter).filter((one) => one.in === place);
    const schemas = there.map(({ name, schema }) => [place === 'header' ? name.toLowerCase() : name, schema] as const);
    const read = readers.ofFields(Object.fromEntries(schemas));
    if (read) steps.push((request) => void read(fieldsOf(request)));
  }
  const { content } = readers.resolve(requestBody ?? {}) as { content?: Record<string, { schema?: Schema }> };
  const readBody = new Readers(document, [readText]).of(content?.['application/json']?.schema);
  if (readBody) steps.push((request) => void (request.body = readBody(request.body)));
  if (steps.length === 0) return [];
  return [
    (request, _response, next) => {
      for (const step of steps) step(request);
      next();
    },
  ];
}

const places: Record<string, (request: Request) => Fields> = {
  path: (request) => request.params,
  query(request) {
    // Express would parse the query anew whenever it is asked for it.
    Object.defineProperty(request, 'query', { value: request.query, writable: true, configurable: true });
    return request.query;
  },
  header: (request) => request.headers,
};

/** Makes a function of each schema that has something to read, once. */
class Readers {
  readonly #document: object;
  readonly #readValue: readonly ((schema: Schema) => Read | undefined)[];
  readonly #made = new Map<Schema, Read | undefined>();

  constructor(document: object, readValue: readonly ((schema: Schema) => Read | undefined)[]) {
    this.#document = document;
    this.#readValue = readValue;
  }

  /** What a part of the document is, or refers to. */
  resolve(part: unknown): unknown {
    const { $ref } = part as { $ref?: string };
    if ($ref === undefined) return part;
    const keys = $ref.split('/').slice(1);
    return this.resolve(keys.reduce<unknown>((node, key) => (node as Fields)[key], this.#document));
  }

  of(reference: Schema | undefined): Read | undefined {
    if (!reference) return undefined;
    const schema = this.resolve(reference) as Schema;
    if (!this.#made.has(schema)) {
      // A schema may hold itself.
      this.#made.set(schema, (value) => this.#made.get(schema)?.(value) ?? value);
      this.#made.set(schema, this.#make(schema));
    }
    return this.#made.get(schema);
  }

  /** Reads the fields of an object in place. */
  ofFields(schemas: Readonly<Record<string, Schema | undefined>>, others?: Schema): Read | undefined {
    const reads = new Map(Object.entries(schemas).map(([name, schema]) => [name, this.of(schema)]));
    const readOther = this.of(others);
    if (!readOther && [...reads.values()].every((read) => read === undefined)) return undefined;
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const fields = value as Fields;
      for (const [name, field] of Object.entries(fields)) {
        const read = reads.has(name) ? reads.get(name) : readOther;
        if (read) fields[name] = read(field);
      }
      return fields;
    };
  }

  #make(schema: Schema): Read | undefined {
    const { items, properties = {}, additionalProperties, allOf = [], anyOf = [], oneOf = [] } = schema;
    const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    const parts = [...allOf, ...anyOf, ...oneOf].map((part) => this.of(part));
    const values = this.#readValue.map((read) => read(schema));
    const reads = [...values, this.#ofItems(items), this.ofFields(properties, others), ...parts];
    const made = reads.filter((read) => read !== undefined);
    return made.length === 0 ? undefined : (value: unknown) => made.reduce((read, one) => one(read), value);
  }

  #ofItems(items: Schema | undefined): Read | undefined {
    const read = this.of(items);
    return read && ((value) => (Array.isArray(value) ? value.map(read) : value));
  }
}

/** The one spelling of a text, by its format or by what the contract says of its normalisation. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  uuid: canonicalUuid,
  'idn-email': normalizeEmailAddress,
  'full-name': normalizeFullName,
  // Composing takes a time that is quadratic in the length, and makes one character of four at the most.
  nfc: (text) => (text.length > 1000 ? text : text.normalize('NFC')),
};

function readText(schema: Schema): Read | undefined {
  const spell = spellings[schema['x-normalize'] ?? schema.format ?? ''];
  return spell && ((value) => (typeof value === 'string' ? spell(value) : value));
}

// As JSON writes them (RFC 8259, section 6). The validator takes all that JavaScript does, such as `0x10`, ` 1` and `1e1`.
const numbers: Readonly<Record<string, RegExp>> = {
  integer: /^(?:0|-?[1-9]\d*)$/,
  number: /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/,
};

function readNumber({ type }: Schema): Read | undefined {
  const written = numbers[[type].flat().find((name) => name !== 'null') ?? ''];
  // A parameter without a value is told of as such.
  const isNone = (value: unknown) => typeof value === 'string' && value !== '' && !written?.test(value);
  return written && ((value) => (isNone(value) ? NaN : value));
}
