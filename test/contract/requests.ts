/** A valid request for each operation: the contract's example, with real ids and credentials filled in. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type { OperationId } from '../../src/http/operation.ts';
import type { Role } from '../../src/access/user.ts';
import type { SignedIn, TestApp } from '../support/app.ts';
import { answer, makeCredential } from '../support/authenticator.ts';
import type { Answer, Call, Method } from '../support/client.ts';
import { challengeOf, enrolled } from '../support/challenges.ts';
import { cookieOf } from '../support/browser-sessions.ts';
import { contract, resolve, type ContractOperation } from '../support/contract.ts';
import { mailedCode } from '../support/email-codes.ts';
import { addUser } from '../support/factories.ts';
import { addTotp, enrolTotp } from '../support/factors.ts';
import { nobodysId } from '../support/ids.ts';
import { addJob, deadJob } from '../support/listed-jobs.ts';
import { mailedSecret } from '../support/one-time-secrets.ts';
import { creationOptions, register, requestOptions } from '../support/passkeys.ts';
import { newPerson } from '../support/people.ts';
import { aPng, png, storePicture } from '../support/pictures.ts';

const here = 'test/contract/requests.ts';

/** An operation as the contract describes it, independent of the server's table. */
export interface Described {
  readonly id: OperationId;
  readonly method: Method;
  readonly path: string;
  /** The least role, or null if the operation is public. */
  readonly leastRole: Role | null;
  /** How many seconds ago the caller may have signed in, or null where that does not matter. */
  readonly maxAge: number | null;
  /** The values in the body for which alone that matters; null where it does for every request. */
  readonly onlyFor: Readonly<Record<string, 'any' | readonly unknown[]>> | null;
  /** Whether it may be called by one factor where a role needs two. */
  readonly withoutSecondFactor: boolean;
  readonly rateLimit: string;
  readonly hasBody: boolean;
  /** Whether its body is JSON; otherwise it is bytes. */
  readonly hasJson: boolean;
  /** The documented statuses. */
  readonly statuses: readonly number[];
  readonly success: number;
  readonly operation: ContractOperation;
}

interface Secured {
  readonly security?: Record<string, string[]>[];
  readonly 'x-assurance'?: {
    readonly max_age: number;
    readonly only_for?: Readonly<Record<string, 'any' | readonly unknown[]>>;
  };
  readonly 'x-without-second-factor'?: boolean;
  readonly 'x-rate-limit'?: string;
}

/** Every operation of the contract. */
export const operations: readonly Described[] = Object.entries(contract.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([, part]) => 'operationId' in part)
    .map(([method, operation]) => describeOperation(method as Method, path, operation)),
);

/** Those with a body of JSON. */
export const withBody = operations.filter(({ hasJson }) => hasJson);

export function operationOf(id: OperationId): Described {
  return operations.find((operation) => operation.id === id)!;
}

function describeOperation(method: Method, path: string, operation: ContractOperation & Secured): Described {
  const [requirement] = operation.security ?? (contract as Secured).security ?? [];
  const statuses = Object.keys(operation.responses).map(Number);
  return {
    id: operation.operationId as OperationId,
    method,
    path,
    leastRole: requirement ? (requirement['bearerAuth']![0] as Role) : null,
    maxAge: operation['x-assurance']?.max_age ?? null,
    onlyFor: operation['x-assurance']?.only_for ?? null,
    withoutSecondFactor: operation['x-without-second-factor'] === true,
    rateLimit: operation['x-rate-limit'] ?? 'standard',
    hasBody: operation.requestBody !== undefined,
    hasJson: operation.requestBody?.content['application/json'] !== undefined,
    statuses,
    success: statuses.find((status) => status < 300)!,
    operation,
  };
}

/** One request, ready to be sent. */
export interface SampleRequest extends Call {
  readonly method: Method;
  /** Without the base path. */
  readonly path: string;
  readonly json?: Record<string, unknown>;
}

/** The parts of a request that an example can't provide. */
interface Real {
  readonly json?: Record<string, unknown>;
  /** The body of an operation that takes bytes, with its media type. */
  readonly raw?: Buffer;
  readonly headers?: Record<string, string>;
  /** What the path names, by parameter. */
  readonly named?: Record<string, string>;
}

// Makes what a path parameter refers to.
const named: Record<string, (app: TestApp, self?: SignedIn) => Promise<string>> = {
  user_id: async (app, self) => (self ?? (await app.signIn())).id,
  factor_id: async (app, self) => (await addTotp(app, self ?? (await app.signIn()))).factorId,
  passkey_id: async (app, self) => {
    const { reply } = await register(app, self ?? (await app.signIn()));
    return (reply.body as { passkey: { id: string } }).passkey.id;
  },
  // A mail would fail again, once it is retried.
  job_id: (app) => addJob(app, { ...deadJob(), name: 'erase_users' }),
  session_id: async (app, self) => sessionIdOf((self ?? (await app.signIn())).accessToken),
};

/** The session of an access token. */
export const sessionIdOf = (accessToken: string) => jwt.decode(accessToken, { json: true })!['sid'] as string;

// Only for operations that need more than a fresh address and an id.
const reals: Partial<Record<OperationId, (app: TestApp, caller?: SignedIn) => Promise<Real>>> = {
  async login(app) {
    const { email, password } = await app.signIn();
    return { json: { email, password } };
  },
  async answerChallenge(app, caller) {
    const ada = await enrolled(app, caller);
    return { json: { challenge_token: await challengeOf(app, ada), code: ada.app.code() } };
  },
  beginPasskeyLogin: async (app) => ({ json: { challenge_token: await challengeOf(app, await enrolled(app)) } }),
  async registerPasskey(app, caller) {
    const { accessToken } = caller ?? (await app.signIn());
    return { json: { credential: makeCredential(await creationOptions(app, accessToken)).json } };
  },
  async loginWithPasskey(app) {
    const { credential } = await register(app, await app.signIn());
    return { json: { credential: answer(await requestOptions(app), credential) } };
  },
  async continueBrowserSession(app) {
    return { headers: { Cookie: cookieOf(await app.signIn()) } };
  },
  refreshTokens: async (app) => ({ json: { refresh_token: (await app.signIn()).refreshToken } }),
  reauthenticate: async (_app, caller) => ({ json: { password: caller?.password ?? 'anything' } }),
  changePassword: async (_app, caller) => ({ json: { current_password: caller?.password ?? 'anything' } }),
  resetPassword: async (app) => ({ json: { token: await newSecret(app, 'password_reset') } }),
  verifyEmail: async (app) => ({ json: { token: await newSecret(app, 'email_verification') } }),
  undoEmailChange: async (app) => ({ json: { token: await newSecret(app, 'email_change_undo') } }),
  async confirmTotp(app, caller) {
    if (!caller) return { named: { factor_id: nobodysId } };
    const phone = await enrolTotp(app, caller);
    return { named: { factor_id: phone.factorId }, json: { code: phone.code() } };
  },
  async renewRecoveryCodes(app, caller) {
    if (caller) await addTotp(app, caller);
    return {};
  },
  async loginWithCode(app, caller) {
    const { email } = caller ?? (await addUser(app));
    return { json: { email, code: await mailedCode(app, { email }) } };
  },
  setPicture: async () => ({ raw: aPng(), headers: png }),
  async getPicture(app, caller) {
    if (caller) await storePicture(app, caller);
    return {};
  },
  async getUserPicture(app, caller) {
    const ada = caller ?? (await app.signIn());
    await storePicture(app, ada);
    return { named: { user_id: ada.id } };
  },
  async deleteCurrentUser(app) {
    // The last administrator has to stay.
    await app.signIn('admin');
    return {};
  },
  async restoreUser(app) {
    const { id } = await app.signIn();
    await app.users.remove(id);
    return { named: { user_id: id } };
  },
};

/** The examples of the headers without which an operation refuses a request. */
export function requiredHeaders({ parameters = [] }: ContractOperation): Record<string, string> {
  const all = parameters.map((one) => resolve(one as unknown as RequiredHeader & { $ref: string }));
  const required = all.filter((one) => one.in === 'header' && one.required);
  return Object.fromEntries(required.map(({ name, example }) => [name, example]));
}

interface RequiredHeader {
  readonly in: string;
  readonly required?: boolean;
  readonly name: string;
  readonly example: string;
}

async function newSecret(app: TestApp, purpose: Parameters<typeof mailedSecret>[1]): Promise<string> {
  return mailedSecret(app, purpose, await addUser(app));
}

/** Makes a request that succeeds once for `caller`, creating the users that it refers to. */
export async function sampleRequest(id: OperationId, app: TestApp, caller?: SignedIn): Promise<SampleRequest> {
  const { method, path, leastRole, operation } = operationOf(id);
  const real = await reals[id]?.(app, caller);
  // Where the least role is user, people may only act on themselves.
  const self = leastRole === 'user' ? caller : undefined;
  let place = path;
  for (const [segment, name] of path.matchAll(/\{(\w+)\}/g)) {
    const make = named[name!];
    if (!make) throw new Error(`${id} has ${segment} in its path: say how to make it in \`named\` in ${here}`);
    place = place.replace(segment, real?.named?.[name!] ?? (await make(app, self)));
  }
  const content = operation.requestBody?.content['application/json'];
  const [example] = Object.values(content?.examples ?? {}).map(({ value }) => value as Record<string, unknown>);
  const fresh = example && 'email' in example ? { email: newPerson().email } : {};
  return {
    method,
    path: place,
    headers: { ...requiredHeaders(operation), ...real?.headers },
    ...(example && { json: { ...example, ...fresh, ...real?.json } }),
    ...(real?.raw && { raw: real.raw }),
  };
}

/** Signs in somebody who may call the operation; nobody if it is public. */
export async function caller({ leastRole }: Described, app: TestApp): Promise<SignedIn | undefined> {
  return leastRole === null ? undefined : app.signIn(leastRole);
}

/** A valid request with the token of somebody who may send it. */
export async function allowedRequest(operation: Described, app: TestApp): Promise<SampleRequest> {
  const person = await caller(operation, app);
  return { ...(await sampleRequest(operation.id, app, person)), token: person?.accessToken };
}

export function send(app: TestApp, { method, path, ...call }: SampleRequest): Promise<Answer> {
  return app.send(method, path, call);
}

/** The operation answered its valid request with success. */
export function expectSuccess({ id, success }: Described, { status, body }: Pick<Answer, 'status' | 'body'>): void {
  const remedy = `if its request is invalid, correct it in \`reals\` in ${here}`;
  const detail = (body as { detail?: string } | undefined)?.detail ?? '';
  expect(status, `${id} refused a valid request: ${detail} Fix the operation, or ${remedy}`).to.equal(success);
}

/** The schema of an operation's body. */
export function bodySchema({ operation }: Described): BodySchema {
  return resolve((operation.requestBody!.content['application/json'] as { schema: BodySchema }).schema);
}

/** The fields of an operation's body by name. */
export function bodyFields(operation: Described): Record<string, FieldSchema> {
  const { properties } = bodySchema(operation);
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, resolve(field)]));
}

interface BodySchema {
  readonly properties: Record<string, FieldSchema>;
  /** Missing where any one field is enough, as in a change. */
  readonly required?: readonly string[];
  readonly minProperties?: number;
}

export interface FieldSchema {
  readonly type: 'string' | 'boolean' | 'integer' | 'object';
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly 'x-normalize'?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
}
