/** The contract as the page offers it: each operation with values that work as they are. */

type Value = string | number | boolean;
type Security = readonly Record<string, string[]>[];

interface Schema {
  $ref?: string;
  example?: Value;
  default?: Value;
  enum?: Value[];
}

interface Parameter {
  readonly $ref?: string;
  readonly description?: string;
  readonly example?: Value;
  readonly schema?: Schema;
}

interface Operation {
  readonly description?: string;
  readonly security?: Security;
  readonly parameters?: Parameter[];
  readonly requestBody?: object;
  readonly responses?: Record<string, Response>;
}

interface Response {
  readonly headers?: object | undefined;
}

interface Server {
  readonly url: string;
}

/** Operations by method, and what they share. */
type PathItem = Record<string, Operation | Parameter[] | Server[]>;

/** The parts of the contract that are changed. */
export interface Contract {
  readonly servers: readonly Server[];
  readonly security?: Security;
  readonly paths: Record<string, PathItem>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly parameters: Record<string, Parameter>;
    readonly responses: Record<string, Response>;
  };
}

/** A placeholder in a body for the refresh token of the page's session. */
export const ownRefreshToken = 'the refresh token of your session';

/**
 * A copy with the base path in its paths, without what the page's session takes care of (servers, security) or doesn't show
 * (extensions), without values in parameters or response headers, and with people in the bodies who are not registered yet.
 */
export function offeredContract(whole: Contract, basePath: string): object {
  const contract = withoutExtensions(whole);
  const { schemas, parameters, responses } = contract.components;
  const mark = Math.random().toString(36).slice(2, 7);
  const unfilled = (parameter: Parameter) => withoutValue(parameter, schemas);
  const offer = (operation: Operation) => ({
    ...operation,
    description: paragraphs(operation.description, needs(operation.security ?? contract.security)),
    parameters: (operation.parameters ?? []).map(unfilled),
    security: undefined,
    requestBody: operation.requestBody && withNewPeople(operation.requestBody, mark),
    responses: mapValues(operation.responses ?? {}, withoutHeaders),
  });
  const offerItem = ({ servers: _, ...item }: PathItem) =>
    mapValues(item, (part) => (Array.isArray(part) ? (part as Parameter[]).map(unfilled) : offer(part)));
  return {
    ...contract,
    servers: undefined,
    security: undefined,
    paths: mapValues(contract.paths, offerItem, (path) => placeOf(path, contract, basePath)),
    components: {
      ...contract.components,
      securitySchemes: undefined,
      parameters: mapValues(parameters, unfilled),
      responses: mapValues(responses, withoutHeaders),
    },
  };
}

/** The paths that need no sign-in, as they are sent. */
export function openPaths(contract: Contract, basePath: string): Set<string> {
  const { paths, security = [] } = contract;
  const isOpen = (part: PathItem[string]) => !Array.isArray(part) && (part.security ?? security).length === 0;
  const open = Object.entries(paths).filter(([, item]) => Object.values(item).some(isOpen));
  return new Set(open.map(([path]) => placeOf(path, contract, basePath)));
}

// A path with servers of its own is outside the base path.
function placeOf(path: string, { paths }: Contract, basePath: string): string {
  const [server] = (paths[path]?.['servers'] ?? []) as Server[];
  return server === undefined ? basePath + path : new URL(server.url).pathname.replace(/\/$/, '') + path;
}

function needs([requirement]: Security = []): string {
  const role = requirement?.['bearerAuth']?.[0];
  return role === undefined ? 'No sign-in needed.' : `Sign in with the role \`${role}\` or a higher one to send this.`;
}

// Swagger UI fills in examples and defaults, and would send parameters that nobody chose.
function withoutValue(parameter: Parameter, schemas: Record<string, Schema>): Parameter {
  if (parameter.$ref) return parameter;
  const { example, schema = {}, ...rest } = parameter;
  const { example: sample, default: usual, ...bounds } = schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
  const shown = usual ?? example ?? sample;
  const note = shown === undefined || (bounds.enum && usual === undefined) ? undefined : `\`${String(shown)}\``;
  const label = usual === undefined ? 'Example' : 'Default';
  return { ...rest, schema: bounds, description: paragraphs(rest.description, note && `${label}: ${note}`) };
}

// A real response shows its headers; the reference explains them.
function withoutHeaders(response: Response): Response {
  return { ...response, headers: undefined };
}

// They would be a third of what is read whenever an operation is opened.
function withoutExtensions(contract: Contract): Contract {
  const read = (key: string, value: unknown) => (key.startsWith('x-') ? undefined : value);
  return JSON.parse(JSON.stringify(contract), read) as Contract;
}

function withNewPeople(body: object, mark: string): object {
  const text = JSON.stringify(body)
    .replaceAll('@example.com', `-${mark}@example.com`)
    .replaceAll(/"refresh_token":"[^"]*"/g, `"refresh_token":"${ownRefreshToken}"`);
  return JSON.parse(text) as object;
}

function paragraphs(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n\n');
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To, rename = (key: string) => key) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), map(value)]));
}
