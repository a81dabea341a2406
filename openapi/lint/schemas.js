/** What schemas say and how they are bounded. */
import { isProblem } from './errors.js';

/** A visitor of a schema and of all that it is made of, since Redocly visits a nested one once, wherever it is reached first. */
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

/** Words have a name, under which every generator keeps them once; those of answers are open, since readers must bear new ones. */
export function enums() {
  const check = (schema, { report, location }) => {
    if (!schema.enum && !schema['x-extensible-enum']) return;
    if (location.pointer !== '#/') report({ message: 'An enum is a schema with a name, in schemas/.', location });
    if (schema.enum && (schema.minLength !== undefined || schema.maxLength !== undefined)) {
      report({ message: 'An enum needs no minLength and no maxLength; some validators break on them.', location });
    }
    const isTold = (word) => word in (schema['x-problems'] ?? {}) || schema.description?.includes(`\`${word}\``);
    const untold = (schema['x-extensible-enum'] ?? []).filter((word) => !isTold(word));
    if (untold.length > 0) report({ message: `The description tells of ${untold.join(', ')}.`, location });
  };
  const checkAnswer = (schema, { report, location }) => {
    if (schema.enum) {
      report({
        message: 'Answers have `x-extensible-enum` instead of enum: their readers must bear new words.',
        location,
      });
    }
  };
  return { Schema: check, Response: { Schema: everySchema(checkAnswer) } };
}

/** A pattern means the same in every dialect of regular expressions, and a person is told what it wants. */
export function patterns() {
  const checkDialect = ({ pattern = '' }, { report, location }) => {
    if (/\\[dDsSwWbBpP]/.test(pattern)) {
      report({
        message: 'A pattern writes its characters out: \\s, \\d, \\w and \\p differ between dialects.',
        location,
      });
    }
    if (/\\(?:u000[AaDd]|u202[89]|[nr])/.test(pattern)) {
      report({
        message: 'A pattern names no end of a line: generators that write it out would break theirs.',
        location,
      });
    }
  };
  const checkMessage = (schema, { report, location }) => {
    if (schema.pattern && !schema.enum && !schema['x-message']) {
      report({ message: 'A pattern in a request has an x-message.', location });
    }
  };
  return {
    Schema: checkDialect,
    RequestBody: { Schema: everySchema(checkMessage) },
    Parameter: { Schema: everySchema(checkMessage) },
  };
}

/** Nothing is unbounded (an enum bounds itself), and a null is a type. */
export function schemaBounds() {
  const bounds = { string: ['minLength', 'maxLength'], array: ['maxItems'], integer: ['minimum', 'maximum'] };
  return {
    Schema(schema, { report, location }) {
      for (const type of schema.enum ? [] : [schema.type ?? []].flat()) {
        for (const bound of bounds[type] ?? []) {
          if (schema[bound] === undefined) report({ message: `A schema of type ${type} has ${bound}.`, location });
        }
      }
      if (schema.anyOf || (schema.oneOf && !schema.discriminator)) {
        report({ message: 'oneOf needs a discriminator, and anyOf is not used.', location });
      }
    },
  };
}

/** A named schema explains itself. */
export function schemaDescription() {
  return {
    Schema(schema, { report, location }) {
      if (schema.$ref || location.pointer !== '#/') return;
      if (!schema.description || (schema.example === undefined && !isProblem(schema))) {
        report({ message: 'A named schema has a description and an example.', location });
      }
    },
  };
}

/** What a client sends is closed, so that a misspelt field is refused instead of ignored. */
export function requestsClosed() {
  return {
    RequestBody: {
      Schema: everySchema((schema, { report, location }) => {
        if (schema.type === 'object' && schema.additionalProperties !== false) {
          report({ message: 'An object in a request has `additionalProperties: false`.', location });
        }
      }),
    },
  };
}
