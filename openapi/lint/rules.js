/** Redocly rules for what openapi/README.md promises and no built-in rule checks. Each tells what to write instead. */

/** The verbs that an operationId begins with, and how its summary says each. */
const verbs = {
  create: 'Create',
  delete: 'Delete',
  get: 'Get|Check',
  list: 'List',
  login: 'Sign in',
  logout: 'Sign out',
  refresh: 'Refresh',
  register: 'Register',
  update: 'Update',
};
const policies = ['credentials', 'none', 'standard'];
const collidingEndings = ['Request', 'Response', 'Result', 'Body', 'Params', 'Error'];

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

/** Every status that an operation can answer is documented. */
function operationStatuses() {
  let rootSecurity = [];
  return {
    Root: {
      enter(root) {
        rootSecurity = root.security ?? [];
      },
    },
    PathItem: {
      Operation(operation, { report, location }, pathItem) {
        const security = operation.security ?? rootSecurity;
        const role = security[0]?.bearerAuth?.[0];
        const parameters = [...(pathItem.parameters ?? []), ...(operation.parameters ?? [])];
        const expected = [
          ['400', true, 'every operation refuses parameters that it does not have'],
          ['401', security.length > 0, 'it has security'],
          ['403', role !== undefined && role !== 'user', `it needs the role ${role}`],
          [
            '404',
            parameters.some((parameter) => /\/Path\w+Id\.yaml$/.test(parameter.$ref ?? '')),
            'it names a resource by id',
          ],
          ['413', operation.requestBody !== undefined, 'it has a body'],
          ['415', operation.requestBody !== undefined, 'it has a body'],
          ['429', operation['x-rate-limit'] !== 'none', 'its x-rate-limit is not none'],
          ['500', true, 'any operation can meet a fault'],
        ];
        for (const [status, applies, reason] of expected) {
          if (applies && !operation.responses?.[status]) {
            report({ message: `Document ${status}: ${reason}.`, location: location.child('responses') });
          }
        }
      },
    },
  };
}

/** `registerUser`, `listUsers`: camelCase, a known verb first. */
function operationIdForm() {
  return {
    Operation({ operationId }, { report, location }) {
      if (!/^[a-z]+([A-Z][a-z]+)*$/.test(operationId ?? '') || !verbOf(operationId)) {
        const message = `operationId is camelCase and begins with one of ${Object.keys(verbs).join(', ')}.`;
        report({ message, location: location.child('operationId') });
      }
    },
  };
}

/** The summary says what the operationId says, in the word that everybody uses. */
function summaryVerb() {
  return {
    Operation({ operationId, summary }, { report, location }) {
      const verb = verbOf(operationId);
      if (verb && !new RegExp(`^(${verb})\\b`).test(summary ?? '')) {
        report({
          message: `The summary begins with ${verb.replace('|', ' or ')}.`,
          location: location.child('summary'),
        });
      }
    },
  };
}

function verbOf(operationId = '') {
  return verbs[/^[a-z]+/.exec(operationId)?.[0] ?? ''];
}

/** Every operation says which limit it falls under. */
function operationRateLimit() {
  return {
    Operation(operation, { report, location }) {
      if (!policies.includes(operation['x-rate-limit'])) {
        report({ message: `x-rate-limit is one of ${policies.join(', ')}.`, location: location.child('x-rate-limit') });
      }
    },
  };
}

/** Generators make types called <OperationId>Request and the like; a schema of that name would be a second one. */
function schemaNames() {
  const operationIds = new Set();
  const schemas = [];
  return {
    Operation({ operationId }) {
      operationIds.add(operationId?.toLowerCase());
    },
    Schema(_schema, { location }) {
      const name = /(?:^|\/)schemas\/(\w+)\.yaml$/.exec(location.source.absoluteRef)?.[1];
      if (name && location.pointer === '#/') schemas.push({ name, location });
    },
    Root: {
      leave(_root, { report }) {
        for (const { name, location } of schemas) {
          const ending = collidingEndings.find((word) => name.endsWith(word)) ?? '';
          if (ending && operationIds.has(name.slice(0, -ending.length).toLowerCase())) {
            report({
              message: `${name} collides with what generators make of an operation; name what it is.`,
              location,
            });
          }
        }
      },
    },
  };
}

/** Every response with a body shows one. */
function responseExamples() {
  return {
    Response: {
      MediaType(mediaType, { report, location }) {
        if (Object.keys(mediaType.examples ?? {}).length === 0) {
          report({ message: 'A response has at least one of `examples`.', location });
        }
      },
    },
  };
}

/** An error is shown by its response: mock servers would answer every error with the example of the schema. */
function errorExamples() {
  return {
    MediaType: {
      Schema(schema, { report, location, key }) {
        if (key === 'schema' && location.pointer === '#/' && isProblem(schema) && schema.example !== undefined) {
          report({ message: 'The schema of an error has no example; its responses have one each.', location });
        }
      },
    },
  };
}

const isProblem = ({ properties = {} }) => 'status' in properties && 'detail' in properties;

/** Words have a name, under which every generator keeps them once; those of answers are open, since readers must bear new ones. */
function enums() {
  const check = (schema, { report, location }) => {
    if (!schema.enum && !schema['x-extensible-enum']) return;
    if (location.pointer !== '#/') report({ message: 'An enum is a schema with a name, in schemas/.', location });
    if (schema.enum && (schema.minLength !== undefined || schema.maxLength !== undefined)) {
      report({ message: 'An enum needs no minLength and no maxLength; some validators break on them.', location });
    }
    const untold = (schema['x-extensible-enum'] ?? []).filter((word) => !schema.description?.includes(`\`${word}\``));
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

/** Generators write the names of all kinds of components into one space, in the case of their language. */
function componentNames() {
  const named = new Map();
  const note = (_part, { location, report }) => {
    const [, kind, name] = /\/(schemas|parameters|responses)\/([\w-]+)\.yaml$/.exec(location.source.absoluteRef) ?? [];
    if (!kind || location.pointer !== '#/') return;
    const plain = name.replaceAll(/[_-]/g, '').toLowerCase();
    const other = named.get(plain) ?? kind;
    named.set(plain, other);
    if (other !== kind)
      report({ message: `${name} is the name of one of the ${other} too; name one otherwise.`, location });
  };
  return { Schema: note, Parameter: note, Response: note };
}

/** What excludes another parameter has no example: tools send all examples at once. */
function cursorExamples() {
  return {
    Operation(operation, { report, location, resolve }) {
      const parameters = (operation.parameters ?? []).map((parameter) => resolve(parameter).node ?? parameter);
      if (!parameters.some(({ name }) => name === 'page')) return;
      const cursor = parameters.find(({ name }) => name === 'cursor');
      if (cursor && (cursor.example ?? cursor.examples ?? cursor.schema?.example) !== undefined) {
        report({
          message: 'cursor has no example beside page, which it excludes.',
          location: location.child('parameters'),
        });
      }
    },
  };
}

/** What is not limited documents no limits, and what is does. */
function rateLimitHeaders() {
  return {
    Operation(operation, { report, location, resolve }) {
      const isLimited = operation['x-rate-limit'] !== 'none';
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        const { headers = {} } = resolve(response).node ?? response;
        if ('RateLimit' in headers !== isLimited || 'RateLimit-Policy' in headers !== isLimited) {
          const message = `${status} ${isLimited ? 'documents RateLimit and RateLimit-Policy' : 'documents no RateLimit headers'}, as x-rate-limit says.`;
          report({ message, location: location.child('responses') });
        }
      }
    },
  };
}

/** A pattern means the same in every dialect of regular expressions, and a person is told what it wants. */
function patterns() {
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

/** A description of a server becomes a name in some languages. */
function serverDescriptions() {
  return {
    Server({ description = '', url }, { report, location }) {
      if (!/^[A-Z][a-z]+$/.test(description)) {
        report({ message: 'A server is described by one word.', location: location.child('description') });
      }
      if (!/^https?:/.test(url ?? ''))
        report({ message: 'The URL of a server is whole, so that clients can use it.', location });
    },
  };
}

/** Nothing is unbounded (an enum bounds itself), and a null is a type. */
function schemaBounds() {
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
function schemaDescription() {
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
function requestsClosed() {
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

export default function latchkey() {
  return {
    id: 'latchkey',
    rules: {
      oas3: {
        'component-names': componentNames,
        'cursor-examples': cursorExamples,
        enums,
        'error-examples': errorExamples,
        'operation-id-form': operationIdForm,
        'operation-rate-limit': operationRateLimit,
        'operation-statuses': operationStatuses,
        patterns,
        'rate-limit-headers': rateLimitHeaders,
        'requests-closed': requestsClosed,
        'response-examples': responseExamples,
        'schema-bounds': schemaBounds,
        'schema-description': schemaDescription,
        'schema-names': schemaNames,
        'server-descriptions': serverDescriptions,
        'summary-verb': summaryVerb,
      },
    },
  };
}
