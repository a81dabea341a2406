/** Turns the bundled contract into the table that the server mounts its operations from. */

interface Parameter {
  $ref?: string;
  in?: string;
  name?: string;
}

interface ContractOperation {
  operationId?: string;
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: unknown;
  'x-rate-limit'?: string;
  'x-self'?: string;
}

/** The parts of an OpenAPI document that the table is made of. */
export interface ContractDocument {
  security?: Record<string, string[]>[];
  servers: { url: string }[];
  paths: Record<string, Record<string, ContractOperation>>;
  components?: { parameters?: Record<string, Parameter> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const roles = ['user', 'moderator', 'admin'];
const policies = ['credentials', 'standard', 'none'];

/** The source of generated/operations.ts. Throws on an operation that the server could not mount. */
export function operationsModule(document: ContractDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [row(path, method, operation, document)] : [];
    }),
  );
  return [
    `export const basePath = ${JSON.stringify(basePathOf(document))};`,
    '',
    'export const operations = {',
    ...rows.sort(),
    '} as const;',
    '',
  ].join('\n');
}

/** The path of the first server, which every path of the contract follows. Throws when there is none. */
export function basePathOf({ servers: [server] }: Pick<ContractDocument, 'servers'>): string {
  if (!server) throw new Error('the contract names no server');
  return new URL(server.url, 'http://127.0.0.1').pathname;
}

function row(path: string, method: string, operation: ContractOperation, document: ContractDocument): string {
  const where = `${method.toUpperCase()} ${path}`;
  const { operationId } = operation;
  if (!operationId) throw new Error(`${where} has no operationId`);
  const rateLimit = operation['x-rate-limit'] ?? 'standard';
  if (!policies.includes(rateLimit)) throw new Error(`${where}: x-rate-limit is one of ${policies.join(', ')}`);
  const fields = {
    method,
    path,
    leastRole: leastRole(where, operation.security ?? document.security ?? []),
    self: operation['x-self'] ?? null,
    rateLimit,
    hasBody: operation.requestBody !== undefined,
    takesIdempotencyKey: takesHeader(document, operation, 'Idempotency-Key'),
  };
  return `  ${operationId}: ${JSON.stringify(fields)},`;
}

function takesHeader(
  { components }: ContractDocument,
  { parameters = [] }: ContractOperation,
  header: string,
): boolean {
  return parameters.some(({ $ref, ...inline }) => {
    const parameter = $ref === undefined ? inline : components?.parameters?.[$ref.split('/').at(-1) ?? ''];
    return parameter?.in === 'header' && parameter.name === header;
  });
}

function leastRole(where: string, security: Record<string, string[]>[]): string | null {
  const [requirement, ...others] = security;
  if (!requirement) return null;
  const [role, ...otherRoles] = requirement['bearerAuth'] ?? [];
  if (others.length > 0 || otherRoles.length > 0 || !role || !roles.includes(role)) {
    throw new Error(`${where}: security names bearerAuth with one of ${roles.join(', ')}, or is empty`);
  }
  return role;
}
