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
          ['404', parameters.some((parameter) => parameter.$ref?.includes('Id.yaml')), 'it names a resource by id'],
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

/** Nothing is unbounded (an enum bounds itself), and a null is a type. */
function schemaBounds() {
  const bounds = { string: ['maxLength'], array: ['maxItems'], integer: ['minimum', 'maximum'] };
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
      if (!schema.$ref && location.pointer === '#/' && !(schema.description && schema.example !== undefined)) {
        report({ message: 'A named schema has a description and an example.', location });
      }
    },
  };
}

/** What a client sends is closed, so that a misspelt field is refused instead of ignored. */
function requestsClosed() {
  return {
    RequestBody: {
      Schema(schema, { report, location }) {
        if (schema.type === 'object' && schema.additionalProperties !== false) {
          report({ message: 'An object in a request has `additionalProperties: false`.', location });
        }
      },
    },
  };
}

export default function latchkey() {
  return {
    id: 'latchkey',
    rules: {
      oas3: {
        'operation-id-form': operationIdForm,
        'operation-rate-limit': operationRateLimit,
        'operation-statuses': operationStatuses,
        'requests-closed': requestsClosed,
        'response-examples': responseExamples,
        'schema-bounds': schemaBounds,
        'schema-description': schemaDescription,
        'schema-names': schemaNames,
        'summary-verb': summaryVerb,
      },
    },
  };
}
