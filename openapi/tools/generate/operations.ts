/** Turns the bundled contract into the table from which the server mounts its operations. */
import {
  readAccessPolicy,
  type AccessPolicy,
  type SecuredOperation,
  type SecurityDocument,
} from '../../../src/access/security.ts';

interface Parameter {
  $ref?: string;
  in?: string;
  name?: string;
}

interface ContractOperation extends SecuredOperation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses?: Record<string, { content?: Content }>;
  'x-rate-limit'?: string;
}

type Content = Record<string, { schema?: BinarySchema & { $ref?: string } }>;

interface BinarySchema {
  format?: string;
  maxLength?: number;
}

interface Server {
  readonly url: string;
}

/** The parts of the bundled contract that the table needs. */
export interface ContractDocument extends SecurityDocument {
  servers: Server[];
  paths: Record<string, Record<string, ContractOperation>>;
  components?: SecurityDocument['components'] & {
    parameters?: Record<string, Parameter>;
    schemas?: Record<string, BinarySchema>;
  };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const policies = ['credentials', 'standard', 'none'];

/** The source of generated/operations.ts. Throws if the server could not mount an operation. */
export function operationsModule(document: ContractDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [row(path, fullPathOf(path, item, document), method, operation, document)] : [];
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

/** The path of the first server, the prefix of the paths in the contract. Throws if there is none. */
export function basePathOf({ servers: [server] }: { readonly servers: readonly Server[] }): string {
  if (!server) throw new Error('the contract lists no server');
  return new URL(server.url, 'http://127.0.0.1').pathname;
}

/** A path of the contract with its prefix; a path outside that has servers of its own. */
export function fullPathOf(path: string, item: object, document: { readonly servers: readonly Server[] }): string {
  const { servers = document.servers } = item as { servers?: readonly Server[] };
  return basePathOf({ servers }).replace(/\/$/, '') + path;
}

function row(
  path: string,
  fullPath: string,
  method: string,
  operation: ContractOperation,
  document: ContractDocument,
): string {
  const where = `${method.toUpperCase()} ${path}`;
  const { operationId } = operation;
  if (!operationId) throw new Error(`${where} has no operationId`);
  const rateLimit = operation['x-rate-limit'] ?? 'standard';
  if (!policies.includes(rateLimit)) throw new Error(`${where}: x-rate-limit is one of ${policies.join(', ')}`);
  const fields = {
    method,
    path,
    fullPath,
    ...accessPolicy(where, operation, document),
    rateLimit,
    hasBody: operation.requestBody !== undefined,
    binaryBody: binaryBody(document, operation.requestBody?.content ?? {}),
    hasBinaryReply: Object.values(operation.responses ?? {}).some(({ content }) => binaryBody(document, content ?? {})),
    takesIdempotencyKey: takesHeader(document, operation, 'Idempotency-Key'),
    takesSessionTransport: takesHeader(document, operation, 'Session-Transport'),
  };
  return `  ${operationId}: ${JSON.stringify(fields)},`;
}

/** What a body of bytes may be: its media types, and how many bytes; null if it is none. */
function binaryBody({ components }: ContractDocument, content: Content) {
  const [[, { schema = {} }] = ['', {}]] = Object.entries(content);
  const { format, maxLength } = components?.schemas?.[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
  return format === 'binary' ? { mediaTypes: Object.keys(content), maximumBytes: maxLength ?? 0 } : null;
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

function accessPolicy(where: string, operation: ContractOperation, document: ContractDocument): AccessPolicy {
  try {
    return readAccessPolicy(operation, document);
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
