/** Names: of operations, schemas, other components and servers. */

/** Verbs whose summary says something else than themselves. */
const spoken = { get: 'Get|Check', login: 'Sign in', logout: 'Sign out' };
const collidingEndings = ['Request', 'Response', 'Result', 'Body', 'Params', 'Error'];

/** `registerUser`, `listUsers`: camelCase, a verb first and not what the operation's tag names. */
export function operationIdForm() {
  return {
    Operation({ operationId = '', tags = [] }, { report, location }) {
      const nouns = tags
        .flatMap((tag) => tag.toLowerCase().split(' '))
        .flatMap((noun) => [noun, noun.replace(/s$/, '')]);
      if (!/^[a-z]+([A-Z][a-z]+)*$/.test(operationId) || nouns.includes(verbOf(operationId))) {
        const message = 'operationId is camelCase and begins with a verb, as listUsers does.';
        report({ message, location: location.child('operationId') });
      }
    },
  };
}

/** The summary begins with the verb of the operationId, or with what people say instead. */
export function summaryVerb() {
  return {
    Operation({ operationId = '', summary = '' }, { report, location }) {
      const verb = verbOf(operationId);
      const said = spoken[verb] ?? verb.charAt(0).toUpperCase() + verb.slice(1);
      if (!new RegExp(`^(${said})\\b`).test(summary)) {
        const message = `The summary begins with ${said.replace('|', ' or ')}, since the operationId begins with ${verb}.`;
        report({ message, location: location.child('summary') });
      }
    },
  };
}

function verbOf(operationId) {
  return /^[a-z]*/.exec(operationId)[0];
}

/** Generators make types called <OperationId>Request and the like; a schema of that name would be a second one. */
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
              message: `${name} collides with what generators make of an operation; name what it is.`,
              location,
            });
          }
        }
      },
    },
  };
}

/** Generators write the names of all kinds of components into one space, in the case of their language. */
export function componentNames() {
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

/** A description of a server becomes a name in some languages. */
export function serverDescriptions() {
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
