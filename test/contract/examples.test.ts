/** The contract's examples are true: they fit their schemas, and a server really answers them like that. */
import { expect } from 'chai';
import type { OperationId } from '../../src/http/operation.ts';
import { aClient } from '../support/a-client.ts';
import { useApp, type TestApp } from '../support/app.ts';
import { cookieOf } from '../support/browser-sessions.ts';
import { challengeOf, enrolled } from '../support/challenges.ts';
import { answer, makeCredential } from '../support/authenticator.ts';
import type { Answer, Call } from '../support/client.ts';
import {
  contract,
  escapeName,
  resolve,
  validatorAt,
  type ContractOperation,
  type ContractResponse,
} from '../support/contract.ts';
import { mailedCode } from '../support/email-codes.ts';
import { addTotp, enrolTotp } from '../support/factors.ts';
import { addJob } from '../support/listed-jobs.ts';
import { mailedSecret } from '../support/one-time-secrets.ts';
import { creationOptions, register, requestOptions } from '../support/passkeys.ts';
import { aKey } from '../support/signing-keys.ts';
import { newPerson } from '../support/people.ts';
import { errorSituations } from './error-situations.ts';
import { addExampleEvent, addExampleJob, addExampleUser, deleteAsInExample, forgetEvents } from './example-rows.ts';
import { operations, sessionIdOf, type Described } from './requests.ts';

type Example = Readonly<{ place: string; schema: string; value: unknown }>;

/** Every example in a part of the document, with the place of the schema that it must fit. */
function findExamples(part: unknown, place = ''): Example[] {
  if (typeof part !== 'object' || part === null) return [];
  const { example, examples, schema, ...rest } = part as Record<string, unknown>;
  const ownSchema = schema === undefined ? place : `${place}/schema`;
  const several = Object.entries((examples ?? {}) as Record<string, { value: unknown }>);
  return [
    ...(example === undefined ? [] : [{ place: `${place}/example`, schema: ownSchema, value: example }]),
    ...several.map(([name, { value }]) => ({ place: `${place}/examples/${name}`, schema: ownSchema, value })),
    ...findExamples(schema, `${place}/schema`),
    ...Object.entries(rest).flatMap(([name, value]) => findExamples(value, `${place}/${escapeName(name)}`)),
  ];
}

describe('every example in the contract', () => {
  const examples = findExamples(contract);

  it('is found: there are more than a hundred', () => {
    expect(examples.length).to.be.greaterThan(100);
  });

  for (const { place, schema, value } of examples) {
    it(`fits its schema: ${decodeURIComponent(place)}`, () => {
      const validate = validatorAt(schema);
      validate(value);
      expect(validate.errors ?? []).to.deep.equal([]);
    });
  }
});

const ada = { email: 'ada@example.com', password: 'correct horse battery staple', fullName: 'Ada Lovelace' };

/** The parts of a request that an example can't know, since the server generates them. */
interface Generated extends Pick<Call, 'token' | 'headers'> {
  readonly path: string;
  readonly json?: object;
}

// What an operation needs to answer as in its example, unless `aboutAda` provides it.
const arrange: Partial<Record<OperationId, (app: TestApp, example: string) => Promise<Partial<Generated>>>> = {
  registerUser: async () => ({}),
  async answerChallenge(app) {
    const person = await enrolled(app, await app.signIn('user', ada));
    const [code] = person.app.recoveryCodes;
    return { json: { challenge_token: await challengeOf(app, person), factor: 'recovery_code', code } };
  },
  refreshTokens: async (app) => ({ json: { refresh_token: (await app.signIn('user', ada)).refreshToken } }),
  resetPassword: (app) => withSecret(app, 'password_reset'),
  verifyEmail: (app) => withSecret(app, 'email_verification'),
  undoEmailChange: (app) => withSecret(app, 'email_change_undo'),
  async loginWithCode(app) {
    await app.signIn('user', ada);
    return { json: { code: await mailedCode(app, ada) } };
  },
  async restoreUser(app) {
    const { id } = await app.signIn('user', ada);
    await app.users.remove(id);
    return { path: `/users/${id}/restore`, token: (await app.signIn('admin')).accessToken };
  },
  async listRestorableUsers(app) {
    await deleteAsInExample(app, (await app.signIn('user', ada)).id);
    return { token: (await app.signIn('admin')).accessToken };
  },
  async listOwnEvents(app) {
    const { id, accessToken: token } = await app.signIn('user', ada);
    await addExampleEvent(app, { user_id: id, actor_id: id });
    return { token };
  },
  async exportCurrentUser(app) {
    const { id, accessToken: token } = await app.signIn('user', ada);
    const { ip_address, user_agent } = (
      contract.components['schemas']!['KeptSession'] as { example: Record<string, string> }
    ).example;
    await app.context.database.pool('sessions').where({ user_id: id }).update({ ip_address, user_agent });
    await app.context.database.pool('jobs').del();
    await forgetEvents(app, id);
    await addExampleEvent(app, { user_id: id, actor_id: id });
    return { token };
  },
  continueBrowserSession: async (app) => ({ headers: { Cookie: cookieOf(await app.signIn('user', ada)) } }),
  async listAuditEvents(app) {
    await addExampleUser(app);
    await addExampleEvent(app);
    return { token: (await app.signIn('admin')).accessToken };
  },
  async listJobs(app) {
    await app.context.database.pool('jobs').del();
    await addExampleJob(app);
    return { token: (await app.signIn('admin')).accessToken };
  },
  async retryJob(app) {
    const id = await addExampleJob(app);
    return { path: `/jobs/${id}/retry`, token: (await app.signIn('admin')).accessToken };
  },
  async dropJob(app) {
    const id = await addExampleJob(app);
    return { path: `/jobs/${id}`, token: (await app.signIn('admin')).accessToken };
  },
  async getOverview(app) {
    const { accessToken: token } = await app.signIn('moderator');
    await app.signIn('user', ada);
    await forgetEvents(app);
    for (const type of ['user.registered', 'session.started', 'session.started', 'session.start_failed'])
      await addExampleEvent(app, { type, created_at: new Date() });
    await app.context.database.pool('jobs').del();
    await addExampleJob(app);
    await addJob(app);
    return { token };
  },
  async listSessions(app) {
    const { id, accessToken: token } = await app.signIn('user', ada);
    await describeSessions(app, id);
    return { token };
  },
  async listUserSessions(app) {
    const { id } = await app.signIn('user', ada);
    await describeSessions(app, id);
    return { path: `/users/${id}/sessions`, token: (await app.signIn('admin')).accessToken };
  },
  async listFactors(app) {
    const person = await app.signIn('user', ada);
    await addTotp(app, person);
    return { token: person.accessToken };
  },
  async listUserFactors(app) {
    const person = await app.signIn('user', ada);
    await addTotp(app, person);
    return { path: `/users/${person.id}/factors`, token: (await app.signIn('admin')).accessToken };
  },
  async confirmTotp(app) {
    const person = await app.signIn('user', ada);
    const phone = await enrolTotp(app, person);
    const json = { code: phone.code() };
    return { path: `/auth/factors/${phone.factorId}/confirm`, token: person.accessToken, json };
  },
  async removeFactor(app) {
    const person = await app.signIn('user', ada);
    const { factorId } = await addTotp(app, person);
    return { path: `/auth/factors/${factorId}`, token: person.accessToken };
  },
  async renewRecoveryCodes(app) {
    const person = await app.signIn('user', ada);
    await addTotp(app, person);
    return { token: person.accessToken };
  },
  async registerPasskey(app) {
    const { accessToken: token } = await app.signIn('user', ada);
    const { json } = makeCredential(await creationOptions(app, token), { isBackedUp: true });
    return { token, json: { credential: json } };
  },
  listPasskeys: async (app) => ({ token: (await withPasskey(app)).token }),
  renamePasskey: (app) => withPasskey(app),
  removePasskey: (app) => withPasskey(app),
  async beginPasskeyLogin(app, example) {
    const person = await withPasskey(app);
    return example === 'challenged' ? { json: { challenge_token: await challengeOf(app, person) } } : {};
  },
  async reauthenticate(app, example) {
    const { token, credential } = await withPasskey(app);
    const passkey = example === 'passkey' ? answer(await requestOptions(app), credential) : undefined;
    if (!passkey) await app.context.database.pool('factors').del();
    return { token, ...(passkey && { json: { passkey } }) };
  },
  async loginWithPasskey(app) {
    const { credential } = await withPasskey(app);
    return { json: { credential: answer(await requestOptions(app), credential) } };
  },
  async endSession(app) {
    const { accessToken: token } = await app.signIn('user', ada);
    return { path: `/auth/sessions/${sessionIdOf(token)}`, token };
  },
};

/** Ada with the passkey of the examples. */
async function withPasskey(app: TestApp) {
  const person = await app.signIn('user', ada);
  const { credential, reply } = await register(app, person, { name: 'Firefox on Linux', isBackedUp: true });
  const { passkey } = reply.body as { passkey: { id: string } };
  return { ...person, path: `/auth/passkeys/${passkey.id}`, token: person.accessToken, credential };
}

/** Pretends that a user signed in as in the example. */
async function describeSessions(app: TestApp, userId: string): Promise<void> {
  const { userAgent, address } = aClient();
  const described = { user_agent: userAgent, ip_address: address };
  await app.context.database.pool('sessions').where({ user_id: userId }).update(described);
}

async function withSecret(app: TestApp, purpose: Parameters<typeof mailedSecret>[1]) {
  return { json: { token: await mailedSecret(app, purpose, await app.signIn('user', ada)) } };
}

/** Ada has an account and calls what users may call. Somebody with a higher role calls the rest, on her account. */
async function aboutAda(app: TestApp, { leastRole, path }: Described): Promise<Generated> {
  const { id, accessToken } = await app.signIn('user', ada);
  const other = leastRole && leastRole !== 'user' ? await app.signIn(leastRole, newPerson()) : undefined;
  const token = leastRole ? (other?.accessToken ?? accessToken) : undefined;
  return { token, path: path.replace('{user_id}', id), headers: { 'If-Match': `"${id}.1"` } };
}

// The server generates these, so an example only shows their form.
const generated = new Set([
  'id',
  'user_id',
  'actor_id',
  'created_at',
  'last_used_at',
  'expires_at',
  'run_at',
  'dead_at',
  'as_of',
  'date',
  'due_since',
  'updated_at',
  'authenticated_at',
  'confirmed_at',
  'etag',
  'access_token',
  'refresh_token',
  'device_token',
  'factor_id',
  'recovery_codes',
  'challenge',
  'credential_id',
  'aaguid',
  'secret',
  'uri',
  'version',
  'kid',
  'x',
  'y',
]);

function withoutGenerated(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, part: unknown) => (generated.has(name) ? 'generated' : part)),
  ) as unknown;
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly example?: string | number | boolean;
}

function parameterExamples({ parameters = [] }: ContractOperation, where: Parameter['in']): [string, string][] {
  return parameters
    .map((parameter) => resolve(parameter as Parameter))
    .filter((parameter) => parameter.in === where && parameter.example !== undefined)
    .map(({ name, example }) => [name, String(example)]);
}

describe('every request example', () => {
  const issuer = 'https://accounts.example.com';
  const app = useApp({ env: { JWT_SIGNING_KEYS: aKey(), JWT_ISSUER: issuer, PUBLIC_URL: issuer } });

  beforeEach('delete all users to free every address', async () => {
    await app.context.database.pool.raw('truncate users cascade');
  });

  // What takes or returns bytes has no examples.
  const ofBytes = ['getPicture', 'getUserPicture', 'setPicture'];
  for (const described of operations.filter(({ id }) => !ofBytes.includes(id))) describeRequests(described);

  function describeRequests(described: Described): void {
    const { id, method, operation, success } = described;
    const requests = operation.requestBody?.content['application/json']?.examples ?? { 'without a body': undefined };
    const answers = resolve(operation.responses[success]!).content?.['application/json']?.examples ?? {};

    for (const [name, request] of Object.entries(requests)) {
      it(`of ${id} is answered as its example says: ${name}`, async () => {
        const real = await (arrange[id]?.(app, name) ?? aboutAda(app, described));

        const answer = await app.send(method, real.path ?? described.path, {
          token: real.token,
          query: Object.fromEntries(parameterExamples(operation, 'query')),
          headers: { ...Object.fromEntries(parameterExamples(operation, 'header')), ...real.headers },
          json: request && { ...(request.value as object), ...real.json },
        });

        const promised = answers[name] ?? Object.values(answers)[0];
        const remedy = `${answer.bytes.toString()}\n${id} needs more than its example: set it up in \`arrange\` in test/contract/examples.test.ts`;
        expect(answer.status, remedy).to.equal(success);
        if (promised === undefined) expect(answer.bytes).to.have.length(0);
        else expect(withoutGenerated(answer.body)).to.deep.equal(withoutGenerated(promised.value));
      });
    }
  }
});

describe('every error example', () => {
  const situations = errorSituations({ PUBLIC_URL: 'https://accounts.example.com' });
  const responses = contract.components['responses'] as Record<string, ContractResponse>;
  const documented = Object.entries(responses).flatMap(([response, { content }]) =>
    Object.entries(content?.['application/problem+json']?.examples ?? {}).map(
      ([name, { value }]) => [`${response}: ${name}`, value as Answer['body']] as const,
    ),
  );

  it('has a situation that provokes it', () => {
    const remedy = 'add a situation for each example of openapi/responses/ to test/contract/error-situations.ts';
    expect(Object.keys(situations), remedy).to.have.members(documented.map(([name]) => name));
  });

  for (const [name, promised] of documented) {
    it(`is what the server really answers: ${name}`, async () => {
      const { status, body } = await situations[name]!();

      // What a challenge holds is the server's, but for how it can be answered.
      const { challenge } = promised as { challenge?: { token: string; expires_at: string } };
      const given = challenge && { ...body.challenge, token: challenge.token, expires_at: challenge.expires_at };
      const comparable = { ...body, instance: promised.instance, ...(given && { challenge: given }) };
      expect(comparable).to.deep.equal(promised);
      expect(status).to.equal(promised.status);
    });
  }
});
