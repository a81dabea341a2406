/** Names, types and comments as Java has them. */
import { isEnum, isForeign, nameOf, type Schema, type Schemas } from './schemas.ts';

/** Source files, by their path in the folder of the package `latchkey`. */
export type Sources = Readonly<Record<string, string>>;

const boxed: Record<string, string> = { string: 'String', integer: 'Integer', number: 'Double', boolean: 'Boolean' };
const primitives = new Map([
  ['Integer', 'int'],
  ['Double', 'double'],
  ['Boolean', 'boolean'],
]);
/** The longest line of what is generated. */
export const lineLength = 120;

/** The Java type of a value, and whether it may be null in JSON; schemas that are records keep their names. */
export function typeOf(schema: Schema, schemas: Schemas): { readonly type: string; readonly isNullable: boolean } {
  const name = nameOf(schema);
  const target = name === undefined ? schema : (schemas[name] ?? {});
  if (isForeign(target)) return { type: 'JsonNode', isNullable: false };
  if (name !== undefined && (target.properties || isEnum(target))) return { type: name, isNullable: false };
  const { type, format, items, additionalProperties } = target;
  const types = [type ?? []].flat();
  const isNullable = types.includes('null');
  const only = types.find((one) => one !== 'null') ?? '';
  if (only === 'array' && items) return { type: `List<${typeOf(items, schemas).type}>`, isNullable };
  if (only === 'object' && typeof additionalProperties === 'object') {
    return { type: `Map<String, ${typeOf(additionalProperties, schemas).type}>`, isNullable };
  }
  if (only === 'string' && format === 'date-time') return { type: 'Instant', isNullable };
  const scalar = boxed[only];
  if (!scalar) throw new Error(`Java has no type for ${JSON.stringify(schema)}`);
  return { type: scalar, isNullable };
}

/** The type of a value that can't be null. */
export function unboxed(type: string): string {
  return primitives.get(type) ?? type;
}

/** A name as Java spells those of fields and methods, such as `userId` for `user_id`. */
export function fieldOf(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A name as Java spells those of types, such as `ListUsers` for `listUsers`. */
export function classOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A value as the name of a constant, such as `SESSION_STARTED` for `session.started` and `MIN_LENGTH` for `minLength`. */
export function constantOf(value: string): string {
  return value
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
    .replaceAll(/\W+/g, '_')
    .toUpperCase();
}

/** A documentation comment of paragraphs and tags in Markdown, wrapped, in lines; an empty one separates paragraphs. */
export function javadoc(paragraphs: readonly string[], indent: string): string[] {
  const tagless = paragraphs.findIndex((one) => one.startsWith('@'));
  const text = paragraphs.map((one, index) => {
    const isLater = index > 1 && (tagless < 0 || index < tagless) && paragraphs[index - 1] === '';
    return (isLater && !one.startsWith('- ') ? '<p>' : '') + htmlOf(one);
  });
  const lines = text.flatMap((one) => wrap(one, lineLength - indent.length - 3));
  const [first = '', ...rest] = lines;
  if (rest.length === 0 && indent.length + first.length + 7 <= lineLength) return [`${indent}/** ${first} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** Paragraphs of Markdown for a documentation comment, with an empty one between them. */
export function paragraphsOf(markdown: string): string[] {
  return markdown
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .flatMap((one) => ['', one.startsWith('- ') ? one : one.replaceAll(/\s+/g, ' ')]);
}

function htmlOf(markdown: string): string {
  if (markdown.startsWith('- ')) {
    const items = markdown.split(/\n(?=- )/).map((item) => `  <li>${htmlOf(item.slice(2).replaceAll(/\s+/g, ' '))}`);
    return ['<ul>', ...items, '</ul>'].join('\n');
  }
  return markdown
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? `{@code ${part.slice(1, -1)}}`
        : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('*/', '*&#47;'),
    )
    .join('');
}

function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    const lines = [indent];
    // What is in braces stays on one line.
    for (const word of line.trim().match(/(?:\{@\w+ [^}]*\}|\S)+/g) ?? []) {
      const last = lines.at(-1) ?? '';
      if (last.trim() && last.length + word.length >= width) lines.push(`${indent && `${indent}  `}${word}`);
      else lines[lines.length - 1] = last.trim() ? `${last} ${word}` : last + word;
    }
    return lines;
  });
}
