/** Generates values from the contract's schemas, valid and invalid. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc, { type Arbitrary } from 'fast-check';
import { isEmailAddress, normalizeEmailAddress } from '../../src/platform/formats/email-address.ts';
import { normalizeFullName } from '../../src/platform/formats/full-name.ts';
import { resolve } from './contract.ts';
import { isFullName } from './full-names.ts';

export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly 'x-normalize'?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addFormat('idn-email', isEmailAddress);

/** Whether a value is valid once normalised. The schema must have no references, like that of a field or parameter. */
function fits(schema: Schema, value: unknown): boolean {
  if (typeof value !== 'string') return ajv.validate(schema, value);
  if (schema['x-normalize'] === 'full-name' && !isFullName(value)) return false;
  return ajv.validate(schema, normalized(schema, value));
}

function normalized(schema: Schema, text: string): string {
  if (schema.format === 'idn-email') return normalizeEmailAddress(text);
  if (schema['x-normalize'] === 'full-name') return normalizeFullName(text);
  return schema['x-normalize'] === 'nfc' ? text.normalize('NFC') : text;
}

/** Values that a schema allows. */
export function fitting(reference: Schema): Arbitrary<unknown> {
  const schema = resolve(reference);
  switch (schema.type) {
    case 'object':
      return fittingObject(schema);
    case 'integer':
      return fittingInteger(schema);
    case 'array':
      return fc.array(fitting(schema.items!), { minLength: schema.minItems ?? 0, maxLength: schema.maxItems ?? 10 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fittingString(schema);
    default:
      throw new Error(`there is no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function fittingObject(schema: Schema): Arbitrary<object> {
  const { properties = {}, required = [], minProperties = 0, maxProperties = Infinity } = schema;
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, fitting(field)]));
  return fc
    .record(fields, { requiredKeys: [...required] })
    .filter((value) => Object.keys(value).length >= minProperties && Object.keys(value).length <= maxProperties);
}

function fittingInteger({ minimum = -(2 ** 31), maximum = 2 ** 31 - 1 }: Schema): Arbitrary<number> {
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }));
}

/** Strings of any Unicode characters; lengths are in code points. */
function unicode(minLength: number, maxLength: number): Arbitrary<string> {
  const units = ['grapheme-ascii', 'grapheme-composite', 'binary'] as const;
  const any = units.map((unit) => fc.string({ unit, minLength, maxLength }));
  const exact = [minLength, maxLength].map((length) =>
    fc.string({ unit: 'binary', minLength: length, maxLength: length }),
  );
  return fc.oneof(...any, ...exact);
}

function fittingString(schema: Schema): Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 1000 } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (format === 'uuid') return fc.uuid().map((id) => id);
  if (format === 'idn-email') return addresses();
  if (pattern === undefined) return unicode(minLength, maxLength);
  const matching = fc.stringMatching(new RegExp(pattern, 'u'), { maxLength });
  // If a pattern only excludes some characters, most strings match it.
  const loose = fits(schema, 'Zoë 🔑') ? [unicode(minLength, maxLength)] : [];
  return fc.oneof(matching, ...loose).filter((text) => fits(schema, text));
}

function addresses(): Arbitrary<string> {
  const local = fc.stringMatching(/^[a-zA-Z0-9äöüßéñçøλж](\.?[a-zA-Z0-9äöüßéñçøλж!#$%&'*+/=?^_`{|}~-]){0,20}$/);
  const domain = fc.constantFrom(
    'example.com',
    'EXAMPLE.org',
    'bücher.example',
    'xn--bcher-kva.example',
    'a-b.c1.test',
  );
  const space = fc.constantFrom('', '', ' ', '\t');
  return fc.oneof(
    fc.emailAddress(),
    fc.tuple(space, local, domain, space).map(([before, name, host, after]) => `${before}${name}@${host}${after}`),
  );
}

/** Values that a schema rejects. */
export function breaking(reference: Schema): Arbitrary<unknown> {
  const schema = resolve(reference);
  if (schema.type === 'object') return breakingObject(schema);
  return fc.oneof(
    ofAnotherType(schema),
    fc.oneof(...breakingOfTheType(schema)).filter((value) => !fits(schema, value)),
  );
}

/** Text for a query, path or header that the schema rejects. */
export function breakingText(reference: Schema): Arbitrary<string> {
  const schema = resolve(reference);
  const texts = fc.oneof(...breakingOfTheType(schema), oddTexts).map((value) => String(value));
  return texts.filter((text) => refusesText(schema, text));
}

/** Whether a schema rejects the value of a text. */
export function refusesText(reference: Schema, text: string): boolean {
  const schema = resolve(reference);
  return !fits(schema, readText(schema, text));
}

// Numbers are written as in JSON, so `0x10` isn't one.
function readText({ type }: Schema, text: string): unknown {
  if (type === 'integer' && /^(0|-?[1-9][0-9]*)$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

const oddTexts = fc.constantFrom(
  'null',
  'NaN',
  'TRUE',
  '1.5',
  '1e3',
  '0x10',
  ' 1',
  '+1',
  '٣',
  '[]',
  '{}',
  "' or 1=1",
  '🔑',
  '%',
);

function ofAnotherType({ type }: Schema): Arbitrary<unknown> {
  const values = [null, true, 42, 1.5, 'text', '1', 'true', [], ['x'], {}, { x: 1 }];
  const typeOf = (value: unknown) => (Number.isInteger(value) ? 'integer' : typeof value);
  return fc.constantFrom(...values.filter((value) => typeOf(value) !== type || value === null));
}

function breakingOfTheType(schema: Schema): Arbitrary<unknown>[] {
  const { type, minimum = 0, maximum = 0 } = schema;
  if (type === 'integer') {
    const beyond = [fc.integer({ max: minimum - 1 }), fc.integer({ min: maximum + 1 }), fc.double({ noNaN: true })];
    return [fc.constantFrom(minimum - 1, maximum + 1, minimum + 0.5, 1e300), ...beyond];
  }
  if (type === 'boolean') return [fc.constantFrom('yes', 'True', '', 0, 1)];
  return breakingStrings(schema);
}

function breakingStrings({ maxLength = 1000, minLength = 0, format }: Schema): Arbitrary<string>[] {
  const long = [maxLength + 1, maxLength * 2, 30_000].map((length) =>
    fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 9 })
      .map((text) => text.repeat(length).slice(0, length)),
  );
  const short = fc.string({ unit: 'binary', maxLength: Math.max(0, minLength - 1) });
  const controls = fc.tuple(fc.string(), fc.constantFrom('\u0000', '\u0007', '\n', '\u007f'), fc.string());
  const addressLike = fc.constantFrom(
    '@',
    'a@',
    '@b.c',
    'a@b',
    'a@@b.de',
    'a b@c.de',
    'a@-b.de',
    'a@b..de',
    'a.@b.de',
    '<a@b.de>',
  );
  const any = fc.string({ unit: 'binary', maxLength: Math.min(maxLength + 9, 300) });
  return [
    ...long,
    short,
    any,
    controls.map((parts) => parts.join('')),
    ...(format === 'idn-email' ? [addressLike] : []),
  ];
}

const strangeNames = [
  'colour',
  'id',
  'password_hash',
  'Email',
  '',
  '__proto__',
  'constructor',
  'toString',
  '🔑',
  '\u0000',
];

function breakingObject(schema: Schema): Arbitrary<unknown> {
  const { properties = {}, required = [], minProperties = 0, additionalProperties } = schema;
  const whole = fittingObject(schema) as Arbitrary<Record<string, unknown>>;
  const broken = Object.entries(properties).map(([name, field]) =>
    fc.tuple(whole, breaking(field)).map(([value, wrong]) => ({ ...value, [name]: wrong })),
  );
  const missing = required.map((name) =>
    whole.map((value) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))),
  );
  const extra = fc
    .tuple(whole, fc.constantFrom(...strangeNames.filter((name) => !(name in properties))), fc.jsonValue())
    .map(([value, name, more]) => {
      const others = JSON.stringify(value).slice(1, -1);
      return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(more)}${others && `,${others}`}}`) as unknown;
    });
  const notAnObject = fc.constantFrom<unknown>([], [{}], 'text', 1, true, null);
  const extras = additionalProperties === true ? [] : [extra];
  const empty = minProperties > 0 || required.length > 0 ? [fc.constant({})] : [];
  return fc.oneof(...broken, ...missing, ...extras, notAnObject, ...empty);
}
