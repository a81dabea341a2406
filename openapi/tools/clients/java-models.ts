/** The models of the Java client: objects as records, enums as records of a text with a constant for each known value. */
import { constantOf, fieldOf, javadoc, typeOf, unboxed, type Sources } from './java-names.ts';
import { isEnum, isSecret, reachable, summaryOf, type Schema, type Schemas } from './schemas.ts';

/** What a record is made of. */
export interface Component {
  readonly name: string;
  /** Its name in JSON, if it has one. */
  readonly wire?: string;
  /** As a value that may be null. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly summary: string;
}

const imports = {
  JsonCreator: 'com.fasterxml.jackson.annotation.JsonCreator',
  JsonProperty: 'com.fasterxml.jackson.annotation.JsonProperty',
  JsonValue: 'com.fasterxml.jackson.annotation.JsonValue',
  JsonNode: 'com.fasterxml.jackson.databind.JsonNode',
  Instant: 'java.time.Instant',
  List: 'java.util.List',
  Map: 'java.util.Map',
  Objects: 'java.util.Objects',
};

/** The sources of these schemas and what they refer to; callers make `requests`. */
export function modelFiles(names: Iterable<string>, requests: ReadonlySet<string>, schemas: Schemas): Sources {
  const sources = reachable(names, schemas).map((name): [string, string] => {
    const schema = schemas[name] ?? {};
    if (isEnum(schema)) return [`model/${name}.java`, modelFile(enumOf(name, schema))];
    const isRequest = requests.has(name);
    const components = componentsOf(schema, schemas, isRequest);
    return [`model/${name}.java`, modelFile(recordOf(name, summaryOf(schema, schemas), components, isRequest))];
  });
  return Object.fromEntries(sources);
}

/** A source file of the models, with the imports that it needs. */
export function modelFile(lines: readonly string[]): string {
  const code = lines.filter((line) => !/^ *\*/.test(line)).join('\n');
  const used = Object.entries(imports).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code));
  return [
    '// Generated from the contract; do not edit.',
    'package latchkey.model;',
    '',
    ...used.map(([, name]) => `import ${name};`),
    ...(used.length > 0 ? [''] : []),
    ...lines,
    '',
  ].join('\n');
}

/** A record. One that callers make has a constructor of what is required, and a `with` for each other component. */
export function recordOf(
  name: string,
  summary: string,
  components: readonly Component[],
  isRequest: boolean,
): string[] {
  const docs = components.map(({ name, summary }) => `@param ${name} ${summary}`);
  const optional = components.filter(({ isRequired }) => !isRequired);
  return [
    ...javadoc([summary, ...(docs.length > 0 ? ['', ...docs] : [])], ''),
    `public record ${name}(`,
    ...components.map((one, index) => `    ${declared(one)}${index === components.length - 1 ? ') {' : ','}`),
    ...[
      ...copies(name, components),
      ...(isRequest && optional.length > 0
        ? [...shortConstructor(name, components), ...optional.flatMap((one) => witherOf(name, one, components))]
        : []),
      ...(components.some(({ isSecret }) => isSecret) ? hiding(name, components) : []),
    ].slice(1),
    '}',
  ];
}

function componentsOf(schema: Schema, schemas: Schemas, isRequest: boolean): Component[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([wire, property]) => {
    const { type, isNullable } = typeOf(property, schemas);
    const isRequired = required.has(wire);
    const summary = summaryOf(property, schemas);
    return {
      name: fieldOf(wire),
      wire,
      type: isRequired && !isNullable ? unboxed(type) : type,
      isRequired,
      isSecret: isSecret(property, schemas),
      summary: isRequired ? summary : `${summary} Null ${isRequest ? 'leaves it out' : 'if there is none'}.`,
    };
  });
}

function declared({ wire, name, type, isRequired }: Component): string {
  if (wire === undefined) return `${type} ${name}`;
  const options = isRequired ? `value = "${wire}", required = true` : `"${wire}"`;
  return `@JsonProperty(${options}) ${type} ${name}`;
}

/** A constructor that makes lists and maps immutable. */
function copies(name: string, components: readonly Component[]): string[] {
  const collections = components.filter(({ type }) => /^(List|Map)</.test(type));
  if (collections.length === 0) return [];
  return [
    '',
    '  /** Copies what could change. */',
    `  public ${name} {`,
    ...collections.map(({ name, type, isRequired }) => {
      const copy = `${type.slice(0, type.indexOf('<'))}.copyOf(${name})`;
      return isRequired ? `    ${name} = ${copy};` : `    ${name} = ${name} == null ? null : ${copy};`;
    }),
    '  }',
  ];
}

function shortConstructor(name: string, components: readonly Component[]): string[] {
  const required = components.filter(({ isRequired }) => isRequired);
  const values = components.map(({ isRequired, name }) => (isRequired ? name : 'null'));
  return [
    '',
    `  /** Leaves out ${required.length > 0 ? 'what is not required' : 'everything'}. */`,
    `  public ${name}(${required.map(({ type, name }) => `${type} ${name}`).join(', ')}) {`,
    `    this(${values.join(', ')});`,
    '  }',
  ];
}

function witherOf(record: string, { name, type }: Component, components: readonly Component[]): string[] {
  return [
    '',
    `  /** The same with this {@link #${name}()}; null leaves it out. */`,
    `  public ${record} with${name.charAt(0).toUpperCase()}${name.slice(1)}(${type} ${name}) {`,
    `    return new ${record}(${components.map((one) => one.name).join(', ')});`,
    '  }',
  ];
}

function hiding(name: string, components: readonly Component[]): string[] {
  const shown = components.map((one, index) => {
    const start = `${index === 0 ? `${name}[` : ', '}${one.name}=`;
    return one.isSecret ? `"${start}[hidden]"` : `"${start}" + ${one.name}`;
  });
  return [
    '',
    '  /** Hides secrets. */',
    '  @Override',
    '  public String toString() {',
    `    return ${[...shown, '"]"'].join('\n        + ')};`,
    '  }',
  ];
}

function enumOf(name: string, schema: Schema): string[] {
  const words = schema.enum ?? schema['x-extensible-enum'] ?? [];
  return [
    ...javadoc(
      [
        `${summaryOf(schema, {})} The service may send values that have no constant here.`,
        '',
        '@param value as in JSON',
      ],
      '',
    ),
    `public record ${name}(@JsonValue String value) {`,
    ...words.flatMap((word) => [
      `  /** {@code ${word}} */`,
      `  public static final ${name} ${constantOf(word)} = new ${name}("${word}");`,
      '',
    ]),
    '  /** Refuses null. */',
    '  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)',
    `  public ${name} {`,
    '    Objects.requireNonNull(value, "value");',
    '  }',
    '',
    '  /** The value. */',
    '  @Override',
    '  public String toString() {',
    '    return value;',
    '  }',
    '}',
  ];
}
