/** Generates each operation's `x-codeSamples` from the contract's examples. */
import { fullPathOf } from './operations.ts';
import { snakeCase } from '../clients/python-operations.ts';

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
  schema?: { $ref?: string; example?: unknown };
}

interface Operation {
  operationId: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
  'x-codeSamples'?: Sample[];
}

interface Sample {
  lang: string;
  label: string;
  source: string;
}

/** The parts of the bundled contract that samples need. */
export interface SampledDocument {
  security?: unknown[];
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: { parameters: Record<string, Parameter>; schemas: Record<string, { example?: unknown }> };
}

/** The request that a sample shows. */
interface Shown {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** The values of the path parameters, in order. */
  readonly path: readonly unknown[];
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Whether it takes, and returns, the bytes of a picture. */
  readonly takesPicture: boolean;
  readonly returnsPicture: boolean;
  readonly isSecured: boolean;
  /** Headers that it must have. */
  readonly headers: readonly string[];
  /** Sent by browsers alone. */
  readonly cookies: readonly string[];
  readonly hasAnswer: boolean;
}

const origin = 'https://accounts.example.com';
const ada = { email: 'ada@example.com', password: 'correct horse battery staple' };
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
// The query parameters people need first; the others are in the table of parameters.
const shownInQuery = ['search', 'limit'];

/** Adds samples with curl and the clients for TypeScript and Python to each operation. */
export function addSamples(document: SampledDocument): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const shown = show(document, path, method, operation);
      const isForBrowsers = shown.cookies.length > 0;
      operation['x-codeSamples'] = [
        { lang: 'Shell', label: 'curl', source: withCurl(shown) },
        { lang: 'TypeScript', label: 'TypeScript', source: withTypeScript(shown) },
        ...(isForBrowsers ? [] : [{ lang: 'Python', label: 'Python', source: withPython(shown) }]),
      ];
    }
  }
}

function show(document: SampledDocument, path: string, method: string, operation: Operation): Shown {
  const parameters = [...(document.paths[path]?.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) =>
    resolve(document.components.parameters, parameter),
  );
  const valueOf = ({ example, schema }: Parameter) =>
    example ?? (schema && resolve(document.components.schemas, schema).example);
  const inPath = parameters.filter((parameter) => parameter.in === 'path').map((one) => [one.name, valueOf(one)]);
  const inQuery = parameters.filter(({ name }) => shownInQuery.includes(name)).map((one) => [one.name, valueOf(one)]);
  const query = Object.fromEntries(inQuery) as Record<string, unknown>;
  const filled = inPath.reduce((text, [name, value]) => text.replace(`{${String(name)}}`, String(value)), path);
  const search = new URLSearchParams(query as Record<string, string>).toString();
  const headers = parameters.filter((one) => one.in === 'header' && one.required);
  // Where the cookie is all that a request has, it has to have that.
  const cookies = headers.length > 0 ? parameters.filter((one) => one.in === 'cookie') : [];
  const [example] = Object.values(operation.requestBody?.content['application/json']?.examples ?? {});
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    url: `${origin}${fullPathOf(filled, document.paths[path] ?? {}, document)}${search && `?${search}`}`,
    path: inPath.map(([, value]) => value),
    query,
    body: example?.value,
    headers: headers.map((one) => `${one.name}: ${String(valueOf(one))}`),
    cookies: cookies.map((one) => `${one.name}=${String(valueOf(one))}`),
    takesPicture: operation.requestBody?.content['image/png'] !== undefined,
    returnsPicture: Object.values(operation.responses).some(
      (response) => response.content?.['image/png'] !== undefined,
    ),
    isSecured: (operation.security ?? document.security ?? []).length > 0,
    hasAnswer: Object.values(operation.responses).some(
      (response) => response.content?.['application/json'] !== undefined,
    ),
  };
}

function resolve<Named extends object>(named: Record<string, Named>, one: Named & { $ref?: string }): Named {
  return named[one.$ref?.split('/').at(-1) ?? ''] ?? one;
}

function withCurl(shown: Shown): string {
  const { method, url, body, takesPicture, returnsPicture, isSecured, headers, cookies } = shown;
  const plain = method === (body === undefined ? 'GET' : 'POST');
  return [
    `curl ${quoteForShell(url)}`,
    ...(plain ? [] : [`--request ${method}`]),
    ...(isSecured ? ['--header "Authorization: Bearer $ACCESS_TOKEN"'] : []),
    ...headers.map((header) => `--header ${quoteForShell(header)}`),
    ...cookies.map((cookie) => `--cookie ${quoteForShell(cookie)}`),
    ...(takesPicture ? ["--header 'Content-Type: image/png'", '--data-binary @picture.png'] : []),
    ...(returnsPicture ? ['--output picture'] : []),
    ...(body === undefined ? [] : ["--header 'Content-Type: application/json'", `--data ${dataForShell(body)}`]),
  ].join(' \\\n  ');
}

function dataForShell(body: unknown): string {
  return quoteForShell(JSON.stringify(body, null, 2).replaceAll('\n', '\n  '));
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

// What the client wraps; every other operation is a method of the same name.
const ofTheSession: Record<string, (shown: Shown) => string[]> = {
  answerChallenge: ({ body }) => {
    const { challenge_token: token, ...answer } = body as Record<string, string>;
    return [`await client.answerChallenge(${literal({ token })}, ${literal(answer)});`];
  },
  continueBrowserSession: () => [
    '// The client continues the session by itself, in every tab; this is whether there is one.',
    'console.log(await client.isSignedIn());',
  ],
  endBrowserSession: () => ['await client.signOut();'],
  login: ({ body }) => [signIn(body)],
  loginWithCode: ({ body }) => {
    const { email, code } = body as Record<string, string>;
    return [`await client.signInWithCode(${literal(email)}, ${literal(code)});`];
  },
  loginWithPasskey: () => ['await client.signInWithPasskey();'],
  logout: () => ['await client.signOut();'],
  reauthenticate: ({ body }) => [
    `await client.reauthenticate(${literal((body as Record<string, string>)['password'])});`,
  ],
  refreshTokens: () => [
    '// The client renews the tokens by itself; this is the access token for your own API.',
    'const accessToken = await client.getAccessToken();',
  ],
};

// A WebP of one pixel, which a browser's `fetch` and Node's can read.
const chosenPicture = [
  '// Usually the file that somebody chose, such as `input.files[0]`.',
  "const chosen = await fetch('data:image/webp;base64,UklGRhYAAABXRUJQVlA4TAoAAAAvAAAAAGhURAQA');",
  'const picture = await chosen.blob();',
];

function withTypeScript(shown: Shown): string {
  const { id, path, query, body, takesPicture, returnsPicture, isSecured, cookies, hasAnswer } = shown;
  const needsSession = isSecured || id === 'refreshTokens';
  const session = cookies.length > 0 ? ", session: 'cookie'" : '';
  const values = [...path, body, Object.keys(query).length > 0 ? query : undefined].filter((one) => one !== undefined);
  const written = [...values.map((value) => literal(value)), ...(takesPicture ? ['picture'] : [])];
  const call = `await client.${id}(${written.join(', ')});`;
  return [
    "import { createClient } from '@latchkey/client';",
    '',
    `const client = createClient({ baseUrl: '${origin}'${session} });`,
    ...(needsSession ? [signIn(ada)] : []),
    ...(takesPicture ? chosenPicture : []),
    ...(ofTheSession[id]?.(shown) ??
      (hasAnswer || returnsPicture ? [`const answer = ${call}`, 'console.log(answer);'] : [call])),
    '',
  ].join('\n');
}

function signIn(credentials: unknown): string {
  const { email, password } = credentials as Record<string, string>;
  return `await client.signIn(${literal(email)}, ${literal(password)});`;
}

/** A value as TypeScript; an object takes several lines. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (Object.keys(value).length === 0) return '{}';
  return `{\n${Object.entries(value)
    .map(([key, part]) => `  ${key}: ${literal(part)},\n`)
    .join('')}}`;
}

const ofThePythonSession: Record<string, (shown: Shown) => string[]> = {
  answerChallenge({ body }) {
    const { factor, code } = body as Record<string, string>;
    return [
      'try:',
      `    ${pythonSignIn(ada)}`,
      'except SecondFactorRequired as error:',
      `    client.answer_challenge(error.challenge, ${factor}=${pythonLiteral(code)})`,
    ];
  },
  login: ({ body }) => [pythonSignIn(body)],
  loginWithCode({ body }) {
    const { email, code } = body as Record<string, string>;
    return [`client.sign_in_with_code(${pythonLiteral(email)}, ${pythonLiteral(code)})`];
  },
  loginWithPasskey({ body }) {
    const { credential } = body as Record<string, object>;
    return [`client.sign_in_with_passkey(${pythonLiteral(credential)})`];
  },
  logout: () => ['client.sign_out()'],
  reauthenticate: ({ body }) => [
    `client.reauthenticate(${pythonLiteral((body as Record<string, string>)['password'])})`,
  ],
  refreshTokens: () => [
    '# The client renews the tokens by itself; this is the access token for your own API.',
    'access_token = client.access_token()',
  ],
};

function withPython(shown: Shown): string {
  const { id, path, query, body, takesPicture, returnsPicture, isSecured, hasAnswer } = shown;
  const needsSession = isSecured || id === 'refreshTokens';
  const named = Object.entries({ ...query, ...(body as object | undefined) });
  const values = [
    ...path.map((value) => pythonLiteral(value)),
    ...named.map(([name, value]) => `${name}=${pythonLiteral(value)}`),
    ...(takesPicture ? ['picture=Path("picture.png").read_bytes()'] : []),
  ];
  const isLong = values.length > 1;
  const given = isLong ? `\n${values.map((value) => `    ${value},\n`).join('')}` : values.join('');
  const call = `client.${snakeCase(id)}(${given})`;
  const shows = returnsPicture ? 'len(answer)' : 'answer';
  const lines =
    ofThePythonSession[id]?.(shown) ?? (hasAnswer || returnsPicture ? [`answer = ${call}`, `print(${shows})`] : [call]);
  const isAsked = lines.some((line) => line.includes('SecondFactorRequired'));
  return [
    ...(takesPicture ? ['from pathlib import Path', ''] : []),
    `from latchkey_client import Client${isAsked ? ', SecondFactorRequired' : ''}`,
    '',
    `client = Client("${origin}")`,
    ...(needsSession ? [pythonSignIn(ada)] : []),
    ...lines,
    '',
  ].join('\n');
}

function pythonSignIn(credentials: unknown): string {
  const { email, password } = credentials as Record<string, string>;
  return `client.sign_in(${pythonLiteral(email)}, ${pythonLiteral(password)})`;
}

/** A text, number or boolean as Python. */
function pythonLiteral(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
