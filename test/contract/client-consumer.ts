/** Clients of the built TypeScript package for tests, a project that installs it, and sources that must compile there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { typeScriptClient } from '../../openapi/tools/clients/typescript-package.ts';
import type { TestApp } from '../support/app.ts';
import { answer, makeCredential, type Credential } from '../support/authenticator.ts';
import { newPerson, registration } from '../support/people.ts';

type Options = Partial<Package.ClientOptions>;

/** Loads the built client for the suite, and creates clients from it. */
export function useConsumer(app: TestApp) {
  let client: typeof Package;

  before('load the client', async () => {
    client = (await import(pathToFileURL(path.join(typeScriptClient, 'lib', 'index.js')).href)) as typeof Package;
  });

  /** A client whose requests are recorded and whose tokens can be changed. */
  function connect(options: Options = {}) {
    const sent: string[] = [];
    const tokens = client.memoryTokenStore();
    const { fetch = globalThis.fetch } = options;
    const recording: Package.Fetch = (request, init) => {
      const { method, url } = request instanceof Request ? request : new Request(request, init);
      sent.push(`${method} ${new URL(url).pathname.replace('/api/v1', '')}`);
      return fetch(request, init);
    };
    const made = client.createClient({ baseUrl: app.origin, tokens, ...options, fetch: recording });
    const change = async (changes: Partial<Package.Tokens>) => {
      const kept = await tokens.get();
      if (!kept) throw new Error('nobody is signed in');
      await tokens.set({ ...kept, ...changes });
    };
    return { client: made, sent, tokens, change };
  }

  /** The same, with a person who has registered and signed in. */
  async function signedIn(options: Options = {}) {
    const person = newPerson();
    const connection = connect(options);
    await connection.client.registerUser(registration(person));
    await connection.client.signIn(person.email, person.password);
    connection.sent.length = 0;
    return { ...connection, person };
  }

  /** Passkeys of an authenticator in software, as a native app's library would keep them. */
  function softwarePasskeys(): Package.Passkeys {
    let kept: Credential | undefined;
    return {
      async create(options) {
        const { credential, json } = makeCredential(options);
        kept = credential;
        return json;
      },
      async get(options) {
        if (!kept) throw new client.PasskeyError('cancelled');
        return answer(options, kept);
      },
    };
  }

  async function expectProblemError(call: Promise<unknown>, status: number, code: Package.ProblemCode) {
    const error = await failure(call);
    if (!(error instanceof client.ProblemError)) throw new Error('expected a ProblemError', { cause: error });
    expect({ status: error.status, code: error.code }).to.deep.equal({ status, code });
    return error;
  }

  return {
    connect,
    signedIn,
    softwarePasskeys,
    expectProblemError,
    /** The package's exports. */
    get client() {
      return client;
    },
  };
}

/** Installs the packed client in an empty project, which needs no registry: the client has no dependencies. Returns the directory. */
export async function installClient(): Promise<string> {
  const project = await mkdtemp(path.join(tmpdir(), 'latchkey-consumer-'));
  const npm = (args: string[]) => promisify(execFile)('npm', args, { cwd: project });
  await mkdir(path.join(project, 'packed'));
  await npm(['pack', typeScriptClient, '--ignore-scripts', '--pack-destination', 'packed']);
  await writeFile(
    path.join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  const files = (await readdir(path.join(project, 'packed'))).map((file) => `./packed/${file}`);
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...files]);
  return project;
}

/** Returns what a call throws. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error,
  );
}

/** Correct uses of the client, and errors that the compiler must find. */
export const consumerSource = `
import { createClient, ProblemError, type Client, type ProblemCode } from '@latchkey/client';

export async function use(client: Client, id: string): Promise<string | undefined> {
  const me: { email: string; etag: string } = await client.getCurrentUser();
  const page = await client.listUsers({ limit: 5, sort_by: 'email' }, { signal: AbortSignal.timeout(1000) });
  await client.updateUser(id, { is_active: false }, { ifMatch: me.etag });
  await client.deleteUser(id);
  for await (const user of client.eachUser({ role: 'user' })) console.log(user.full_name);
  const response: Response = await client.fetch('https://api.example.com/orders', { method: 'POST' });
  const known: ProblemCode = 'email_taken';

  // @ts-expect-error There is no such operation.
  await client.listUser();
  // @ts-expect-error Sessions begin with signIn.
  await client.login({ email: '', password: '' });
  // @ts-expect-error The client keeps the tokens itself.
  await client.loginWithCode({ email: '', code: '' });
  // @ts-expect-error An answer needs its code.
  await client.answerChallenge({ token: '' }, { factor: 'totp' });
  // @ts-expect-error The client asks for the passkey itself.
  await client.answerChallenge({ token: '' }, { factor: 'passkey', credential: {} });
  // @ts-expect-error A user has no such field.
  console.log(me.password_hash);
  // @ts-expect-error A registration has no role.
  await client.registerUser({ email: '', password: '', full_name: '', role: 'admin' });
  // @ts-expect-error A registration needs a name.
  await client.registerUser({ email: '', password: '' });
  // @ts-expect-error The id is required.
  await client.getUser();
  // @ts-expect-error Users can't be sorted by role.
  await client.listUsers({ sort_by: 'role' });
  // @ts-expect-error Iteration always starts at the beginning.
  client.eachUser({ cursor: 'a.b' });
  // @ts-expect-error Reads take no ifMatch.
  await client.getUser(id, { ifMatch: me.etag });
  // A newer service may send codes that this client doesn't know.
  const later: ProblemCode = 'a_code_of_next_year';

  console.log(page.items.length, response.status, known, later);
  return me.email;
}

// @ts-expect-error A client needs the URL of the service.
createClient({});

export const isTaken = (error: unknown) => error instanceof ProblemError && error.code === 'email_taken';
`;

/** The examples of a page, the client's README or the guide, as modules, with declarations of what they assume. */
export function pageExamples(page: string): Record<string, string> {
  const assumed = `
import { browserTokenStore, createClient, PasskeyError, ProblemError } from '@latchkey/client';
import type { Client, PasskeyOptions, TokenStore } from '@latchkey/client';
declare const client: Client;
declare const [email, password, name]: string[] & { 0: string; 1: string; 2: string };
declare function showSignIn(text?: string): void;
declare function showBeside(pointer: string, text: string): void;
declare function askForPassword(): Promise<string>;
declare function askForCode(factor: string, error?: string): Promise<string>;
declare function showQrCode(text: string): void;
declare function showOnce(codes: readonly string[]): void;
declare function showAbove(text: string): void;
declare function disableFor(seconds: number): void;
interface Cookies {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  delete(name: string): void;
}
`;
  const submit = 'declare function submit(send: () => Promise<unknown>): Promise<boolean>;\n';
  const used =
    'void [client, email, password, name, showSignIn, showBeside, askForPassword, askForCode, showQrCode, showOnce, browserTokenStore, createClient, ProblemError, PasskeyError, showAbove]; export type Used = PasskeyOptions;';
  const blocks = Array.from(page.matchAll(/```ts\n([^]*?)```/g), ([, code = '']) => code);
  return Object.fromEntries(
    blocks.map((code, index) => {
      const isWhole = code.includes("from '@latchkey/client'");
      const prelude = isWhole
        ? `declare function showSignIn(text?: string): void;\n`
        : `${assumed}${code.includes('function submit') ? '' : submit}${used}\n`;
      return [`example-${index + 1}.ts`, `${prelude}${code}\nexport {};\n`];
    }),
  );
}

/** What the README's example for React Native imports. */
export const secureStore = `declare module 'expo-secure-store' {
  export function getItemAsync(key: string): Promise<string | null>;
  export function setItemAsync(key: string, value: string): Promise<void>;
  export function deleteItemAsync(key: string): Promise<void>;
}
`;
