/** Rules for the names of operations, components and servers. */

/** What the summary says instead of a verb. */
const spoken = { get: 'Get|Check', login: 'Sign in', logout: 'Sign out' };
const collidingEndings = ['Request', 'Response', 'Result', 'Body', 'Params', 'Error'];

/** `registerUser`, `listUsers`: camelCase, with a verb first rather than the noun of the operation's tag. */
export function operationIdForm() {
  return {
    Operation({ operationId = '', tags = [] }, { report, location }) {
      const nouns = tags
        .flatMap((tag) => tag.toLowerCase().split(' '))
        .flatMap((noun) => [noun, noun.replace(/s$/, '')]);
      if (!/^[a-z]+([A-Z][a-z]+)*$/.test(operationId) || nouns.includes(verbOf(operationId))) {
        const message = 'Write the operationId in camelCase, starting with a verb, as in listUsers.';
        report({ message, location: location.child('operationId') });
      }
    },
  };
}

/** The summary starts with the operationId's verb, or with what people say instead. */
export function summaryVerb() {
  return {
    Operation({ operationId = '', summary = '' }, { report, location }) {
      const verb = verbOf(operationId);
      const said = spoken[verb] ?? verb.charAt(0).toUpperCase() + verb.slice(1);
      if (!new RegExp(`^(${said})\\b`).test(summary)) {
        const message = `Start the summary with ${said.replace('|', ' or ')}, since the operationId starts with ${verb}.`;
        report({ message, location: location.child('summary') });
      }
    },
  };
}

function verbOf(operationId) {
  return /^[a-z]*/.exec(operationId)[0];
}

/** Generators create types called <OperationId>Request and the like, which a schema of that name would clash with. */
export function schemaNames() {
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
              message: `Rename ${name} for what it is: generators create a type of that name for an operation.`,
              location,
            });
          }
        }
      },
    },
  };
}

/** Generators put the names of all components into one namespace, in the case of their language. */
export function componentNames() {
  const named = new Map();
  const note = (_part, { location, report }) => {
    const [, kind, name] = /\/(schemas|parameters|responses)\/([\w-]+)\.yaml$/.exec(location.source.absoluteRef) ?? [];
    if (!kind || location.pointer !== '#/') return;
    const plain = name.replaceAll(/[_-]/g, '').toLowerCase();
    const other = named.get(plain) ?? kind;
    named.set(plain, other);
    if (other !== kind) report({ message: `Rename ${name}: it is also the name of one of the ${other}.`, location });
  };
  return { Schema: note, Parameter: note, Response: note };
}

/** Some generators use a server's description as a name. */
export function serverDescriptions() {
  return {
    Server({ description = '', url }, { report, location }) {
      if (!/^[A-Z][a-z]+$/.test(description)) {
        report({ message: 'Describe a server in one word.', location: location.child('description') });
      }
      if (!/^https?:/.test(url ?? ''))
        report({ message: 'Write the complete URL of a server, so that clients can use it.', location });
    },
  };
}
