/** Looks up parts of a bundled contract, and the operations that use them. */

type Part = Record<string, unknown>;

/** The parts of a bundled contract that are compared. */
export interface BundledContract {
  info: { version: string };
  security?: Record<string, string[]>[];
  paths: Record<string, Part>;
  components?: Record<string, Part>;
}

/** A bundled contract, indexed by JSON pointer, such as `#/components/schemas/User`. */
export interface ContractIndex {
  readonly document: BundledContract;
  readonly partAt: (pointer: string) => unknown;
  /** The operations that contain or reference a part, such as `GET /users`. */
  readonly operationsAt: (pointer: string) => string[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];

/** Indexes a bundled contract. */
export function indexContract(document: BundledContract): ContractIndex {
  const partAt = (pointer: string) =>
    tokensOf(pointer).reduce<unknown>((part, token) => (isObject(part) ? part[token] : undefined), document);
  const users = usersOfComponents(document, partAt);
  const operationsAt = (pointer: string) => {
    const [first, path = '', third = ''] = tokensOf(pointer);
    if (first === 'components') return users.get(pointer.split('/').slice(0, 4).join('/')) ?? [];
    if (first !== 'paths') return [];
    return methods.includes(third) ? [nameOf(path, third)] : operationsOf(path, document.paths[path] ?? {});
  };
  return { document, partAt, operationsAt };
}

/** The tokens of a JSON pointer, unescaped. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Every operation of a contract, with its name and path. */
export function* operationsIn({ paths }: BundledContract): Generator<{ name: string; path: string; operation: Part }> {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (isObject(operation)) yield { name: nameOf(path, method), path, operation };
    }
  }
}

/** Whether a value is an object or an array. */
export function isObject(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}

function operationsOf(path: string, item: Part): string[] {
  return methods.filter((method) => isObject(item[method])).map((method) => nameOf(path, method));
}

function nameOf(path: string, method: string): string {
  return `${method.toUpperCase()} ${path}`;
}

function usersOfComponents(document: BundledContract, partAt: (pointer: string) => unknown): Map<string, string[]> {
  const users = new Map<string, string[]>();
  const known = new Map<string, string[]>();
  const referencesAt = (pointer: string) => {
    const found = known.get(pointer) ?? [...referencesIn(partAt(pointer))];
    known.set(pointer, found);
    return found;
  };
  for (const { name, path, operation } of operationsIn(document)) {
    const shared = document.paths[path]?.['parameters'];
    const reached = new Set([...referencesIn(operation), ...referencesIn(shared)]);
    // Iterating a Set includes what is added along the way.
    for (const pointer of reached) {
      for (const next of referencesAt(pointer)) reached.add(next);
      users.set(pointer, [...(users.get(pointer) ?? []), name]);
    }
  }
  return users;
}

function* referencesIn(value: unknown): Generator<string> {
  if (!isObject(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string') yield part;
    else yield* referencesIn(part);
  }
}
