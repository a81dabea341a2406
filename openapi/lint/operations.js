/** What each operation documents. */

const policies = ['credentials', 'none', 'standard'];

/** Every status that an operation can answer is documented. */
export function operationStatuses() {
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
        const needs = security.flatMap((requirement) => Object.values(requirement).flat());
        const parameters = [...(pathItem.parameters ?? []), ...(operation.parameters ?? [])];
        const expected = [
          ['400', true, 'every operation refuses parameters that it does not have'],
          ['401', security.length > 0, 'it has security'],
          ['403', needs.some((need) => need !== 'user'), `it needs ${needs.join(' or ')}`],
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

/** Every operation says which limit it falls under. */
export function operationRateLimit() {
  return {
    Operation(operation, { report, location }) {
      if (!policies.includes(operation['x-rate-limit'])) {
        report({ message: `x-rate-limit is one of ${policies.join(', ')}.`, location: location.child('x-rate-limit') });
      }
    },
  };
}

/** What is not limited documents no limits, and what is does. */
export function rateLimitHeaders() {
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

/** Every response with a body shows one. */
export function responseExamples() {
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

/** What excludes another parameter has no example: tools send all examples at once. */
export function cursorExamples() {
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
