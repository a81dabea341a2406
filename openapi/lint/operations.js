/** Rules for operations. */
import { isBinary } from './schemas.js';

const policies = ['credentials', 'none', 'standard'];

/** Every status that an operation can return is documented. */
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
          ['400', true, 'every operation rejects unknown parameters'],
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
          ['500', true, 'any operation can fail'],
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

/** An operation asks for a recent sign-in if, and only if, it documents that. */
export function operationAssurance() {
  return {
    Operation(operation, { report, location }) {
      const { $ref } = operation.responses?.['401'] ?? {};
      const isDocumented = /\/UnauthorizedOrStale\.yaml$/.test($ref ?? '');
      if (isDocumented === (operation['x-assurance'] !== undefined)) return;
      const message = isDocumented
        ? 'Set x-assurance, or document Unauthorized as 401: only x-assurance asks for a recent sign-in.'
        : 'Document UnauthorizedOrStale as 401: x-assurance asks for a recent sign-in.';
      report({ message, location: location.child('responses') });
    },
  };
}

/** An operation that needs a second factor where the caller's role does documents that; all do but those with `x-without-second-factor`. */
export function operationSecondFactor() {
  let rootSecurity = [];
  return {
    Root: {
      enter(root) {
        rootSecurity = root.security ?? [];
      },
    },
    Operation(operation, { report, location, resolve }) {
      const response = operation.responses?.['403'] ?? {};
      const { content = {} } = resolve(response).node ?? response;
      const examples = Object.values(content).flatMap((type) => Object.keys(type.examples ?? {}));
      const isDocumented = examples.includes('second_factor_enrolment_required');
      const isSecured = (operation.security ?? rootSecurity).length > 0;
      const isNeeded = isSecured && operation['x-without-second-factor'] === undefined;
      if (isDocumented === isNeeded) return;
      const message = isDocumented
        ? 'Remove second_factor_enrolment_required from the examples of 403, since anybody or x-without-second-factor may call it.'
        : 'Document 403 with the example second_factor_enrolment_required, or set x-without-second-factor: true for what leads to enrolment.';
      report({ message, location: location.child('responses') });
    },
  };
}

// What people sign in with, as path segments: whatever changes one of these is below it.
const credentials = ['password', 'email', 'factors', 'recovery-codes', 'passkeys'];

/** What changes credentials or factors of whoever is signed in asks for a recent sign-in. */
export function operationCredentials() {
  let rootSecurity = [];
  let path = '';
  return {
    Root: {
      enter(root) {
        rootSecurity = root.security ?? [];
      },
    },
    PathItem: {
      enter(_item, { key }) {
        path = String(key);
      },
      Operation(operation, { key, report, location }) {
        const isChange = key !== 'get' && (operation.security ?? rootSecurity).length > 0;
        const changed = path.split('/').find((segment) => credentials.includes(segment));
        if (!isChange || changed === undefined || operation['x-assurance']) return;
        const message = `Set x-assurance: {max_age: 600}, since this changes ${changed}; else a stolen session is enough to keep an account.`;
        report({ message, location });
      },
    },
  };
}

/** Every operation states its rate limit. */
export function operationRateLimit() {
  return {
    Operation(operation, { report, location }) {
      if (!policies.includes(operation['x-rate-limit'])) {
        report({
          message: `Set x-rate-limit to one of ${policies.join(', ')}.`,
          location: location.child('x-rate-limit'),
        });
      }
    },
  };
}

/** An operation documents RateLimit headers if, and only if, it is rate limited. */
export function rateLimitHeaders() {
  return {
    Operation(operation, { report, location, resolve }) {
      const isLimited = operation['x-rate-limit'] !== 'none';
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        const { headers = {} } = resolve(response).node ?? response;
        if ('RateLimit' in headers !== isLimited || 'RateLimit-Policy' in headers !== isLimited) {
          const message = `${isLimited ? 'Document' : 'Remove'} RateLimit and RateLimit-Policy in ${status}, as x-rate-limit says.`;
          report({ message, location: location.child('responses') });
        }
      }
    },
  };
}

/** Every response with a body has an example, unless it is bytes, which JSON can't write. */
export function responseExamples() {
  return {
    Response: {
      MediaType(mediaType, { report, location, resolve }) {
        if (isBinary(resolve(mediaType.schema ?? {}).node ?? {})) return;
        if (Object.keys(mediaType.examples ?? {}).length === 0) {
          report({ message: 'Give the response at least one of `examples`.', location });
        }
      },
    },
  };
}

/** `cursor` has no example, since tools send all examples at once and it excludes `page`. */
export function cursorExamples() {
  return {
    Operation(operation, { report, location, resolve }) {
      const parameters = (operation.parameters ?? []).map((parameter) => resolve(parameter).node ?? parameter);
      if (!parameters.some(({ name }) => name === 'page')) return;
      const cursor = parameters.find(({ name }) => name === 'cursor');
      if (cursor && (cursor.example ?? cursor.examples ?? cursor.schema?.example) !== undefined) {
        report({
          message: 'Remove the example of cursor: tools would send it together with page.',
          location: location.child('parameters'),
        });
      }
    },
  };
}
