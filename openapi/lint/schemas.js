/** Rules for schemas. */
import { isProblem } from './errors.js';

/** Visits a schema and everything in it, since Redocly visits a nested schema only once, wherever it finds it first. */
function everySchema(visit) {
  return (schema, { report, location, resolve }) => {
    const seen = new Set();
    const walk = (part, place) => {
      if (typeof part !== 'object' || part === null || seen.has(part)) return;
      seen.add(part);
      const found = part.$ref ? resolve(part, place.source.absoluteRef) : { node: part, location: place };
      if (found.node !== part) return walk(found.node, found.location);
      visit(part, { report, location: place });
      for (const [name, property] of Object.entries(part.properties ?? {}))
        walk(property, place.child(['properties', name]));
      walk(part.items, place.child('items'));
    };
    walk(schema, location);
  };
}

/** Enums are named, so that generators create each once; those in responses are open, since clients must expect new values. */
export function enums() {
  const check = (schema, { report, location }) => {
    if (!schema.enum && !schema['x-extensible-enum']) return;
    if (location.pointer !== '#/') report({ message: 'Make the enum a named schema in schemas/.', location });
    if (schema.enum && (schema.minLength !== undefined || schema.maxLength !== undefined)) {
      report({ message: 'Remove minLength and maxLength from the enum: some validators fail on them.', location });
    }
    const isExplained = (word) => word in (schema['x-problems'] ?? {}) || schema.description?.includes(`\`${word}\``);
    const unexplained = (schema['x-extensible-enum'] ?? []).filter((word) => !isExplained(word));
    if (unexplained.length > 0) report({ message: `Explain ${unexplained.join(', ')} in the description.`, location });
  };
  const checkAnswer = (schema, { report, location }) => {
    if (schema.enum) {
      report({
        message: 'Use `x-extensible-enum` instead of enum in responses: clients must expect new values.',
        location,
      });
    }
  };
  return { Schema: check, Response: { Schema: everySchema(checkAnswer) } };
}

/** A pattern means the same in every dialect of regular expressions, and has a message for people. */
export function patterns() {
  const checkDialect = ({ pattern = '' }, { report, location }) => {
    if (/\\[dDsSwWbBpP]/.test(pattern)) {
      report({
        message: 'Spell out the characters of the pattern: \\s, \\d, \\w and \\p differ between dialects.',
        location,
      });
    }
    if (/\\(?:u000[AaDd]|u202[89]|[nr])/.test(pattern)) {
      report({
        message: 'Remove the line terminator from the pattern: it would break the line in generated code.',
        location,
      });
    }
  };
  const checkMessage = (schema, { report, location }) => {
    if (schema.pattern && !schema.enum && !schema['x-message']) {
      report({ message: 'Give a pattern in a request an x-message.', location });
    }
  };
  return {
    Schema: checkDialect,
    RequestBody: { Schema: everySchema(checkMessage) },
    Parameter: { Schema: everySchema(checkMessage) },
  };
}

/** A secret is marked as one, but not by its format. */
export function secrets() {
  return {
    Schema({ format }, { report, location }) {
      if (format !== 'password') return;
      report({ message: 'Mark it `x-secret: true`: with this format, generated Python sends asterisks.', location });
    },
  };
}

/** Everything is bounded (an enum by its values), and null is a type. */
export function schemaBounds() {
  const bounds = { string: ['minLength', 'maxLength'], array: ['maxItems'], integer: ['minimum', 'maximum'] };
  return {
    Schema(schema, { report, location }) {
      for (const type of schema.enum ? [] : [schema.type ?? []].flat()) {
        for (const bound of bounds[type] ?? []) {
          if (schema[bound] === undefined) report({ message: `Give a schema of type ${type} a ${bound}.`, location });
        }
      }
      if (schema.anyOf || (schema.oneOf && !schema.discriminator)) {
        report({ message: 'Give oneOf a discriminator, and do not use anyOf.', location });
      }
    },
  };
}

/** Whether a schema is that of bytes. */
export const isBinary = ({ format }) => format === 'binary';

/** A named schema is described, and has an example where JSON can write one. */
export function schemaDescription() {
  return {
    Schema(schema, { report, location }) {
      if (schema.$ref || location.pointer !== '#/') return;
      if (!schema.description || (schema.example === undefined && !isProblem(schema) && !isBinary(schema))) {
        report({ message: 'Give a named schema a description and an example.', location });
      }
    },
  };
}

/**
 * Objects in requests are closed, so that a misspelt field is rejected instead of ignored. Those that a standard defines are open: what
 * sends them, such as a browser, may know a newer version of it.
 */
export function requestsClosed() {
  return {
    RequestBody: {
      Schema: everySchema((schema, { report, location }) => {
        if (schema.type !== 'object') return;
        const isOpen = schema['x-defined-by'] !== undefined;
        if (schema.additionalProperties !== isOpen) {
          const reason = isOpen ? ', since a standard defines it' : '';
          report({ message: `Give an object in a request \`additionalProperties: ${isOpen}\`${reason}.`, location });
        }
      }),
    },
  };
}
