/** Who may call each operation, according to `security` in the contract. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { deriveKeys } from '../../src/platform/keys.ts';
import type { Role } from '../../src/access/user.ts';
import { reissue, staleToken } from '../support/access-tokens.ts';
import { useApp, type SignedIn } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { documentOf } from '../support/places.ts';
import {
  bodyFields,
  expectSuccess,
  operations,
  sampleRequest,
  send,
  type Described,
  type SampleRequest,
} from './requests.ts';

const roles: Role[] = ['user', 'moderator', 'admin'];

type MakeToken = (person: SignedIn) => string | Promise<string>;

describe('security', () => {
  const app = useApp();
  const foreignKey = deriveKeys(['the signing secret of quite another service']).accessTokens[0];

  const badTokens: [string, MakeToken][] = [
    ["that isn't a JWT", () => 'not-a-token'],
    ['that has expired', (person) => reissue(app, person, { ttlSeconds: -1 })],
    ['signed by another service', (person) => reissue(app, person, { keys: [foreignKey] })],
    [
      'signed with another key under the id of ours',
      (person) =>
        reissue(app, person, { keys: [{ ...foreignKey, id: app.context.features.sessions.accessTokens.keys[0].id }] }),
    ],
    ['of another issuer', (person) => reissue(app, person, { issuer: 'somebody else' })],
    ['for another audience', (person) => reissue(app, person, { audience: 'somewhere else' })],
    ['without a signature', (person) => resign(person, { alg: 'none' })],
    ['signed, but of another type', (person) => resign(person, { typ: 'JWT' })],
    ['without expiry', (person) => resign(person, {}, 'exp')],
    ['without a session', (person) => resign(person, {}, 'sid')],
    [
      'of a revoked session',
      async () => {
        const { accessToken } = await app.signIn();
        await app.send('post', '/auth/logout', { token: accessToken });
        return accessToken;
      },
    ],
  ];

  /** Sends a request that would succeed for `person`, with any token. */
  async function call({ id }: Described, token: string | undefined, person?: SignedIn): Promise<Answer> {
    return send(app, { ...(await sampleRequest(id, app, person)), token });
  }

  it('covers public operations and those of each role', () => {
    expect(new Set(operations.map(({ leastRole }) => leastRole))).to.deep.equal(new Set([null, ...roles]));
  });

  for (const operation of operations) {
    const { leastRole, maxAge } = operation;
    describe(`${operation.id}, which ${leastRole ?? 'anybody'} may call`, () => {
      if (leastRole === null) describePublic(operation);
      else describeSecured(operation, leastRole);
      if (leastRole !== null && maxAge !== null) {
        describeAssured(operation, leastRole, maxAge);
        describeOnlyFor(operation, leastRole, maxAge);
      }
    });
  }

  function describePublic(operation: Described): void {
    it('answers without a token', async () => {
      expectSuccess(operation, await call(operation, undefined));
    });

    for (const [kind, makeToken] of badTokens) {
      it(`ignores a token ${kind}`, async () => {
        const token = await makeToken(await app.signIn());
        expectSuccess(operation, await call(operation, token));
      });
    }
  }

  function describeSecured(operation: Described, leastRole: Role): void {
    it('asks for authentication without a token', async () => {
      const answer = await call(operation, undefined);

      expectRefusal(operation, answer, 401, 'authentication_required');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
    });

    describe('rejects a token', () => {
      let person: SignedIn;
      let request: SampleRequest;
      before('make a request that a good one allows', async () => {
        person = await app.signIn(leastRole);
        request = await sampleRequest(operation.id, app, person);
      });

      for (const [kind, makeToken] of badTokens) {
        it(kind, async () => {
          const answer = await send(app, { ...request, token: await makeToken(person) });

          expectRefusal(operation, answer, 401, 'invalid_token');
          expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey", error="invalid_token"');
        });
      }
    });

    for (const role of roles) {
      const mayCall = roles.indexOf(role) >= roles.indexOf(leastRole);
      it(mayCall ? `answers the role ${role}` : `refuses the role ${role} and changes nobody`, async () => {
        const person = await app.signIn(role);
        const request = await sampleRequest(operation.id, app, person);
        const before = await everybody();

        const answer = await send(app, { ...request, token: person.accessToken });

        if (mayCall) expectSuccess(operation, answer);
        else {
          expectRefusal(operation, answer, 403, 'forbidden');
          expect(await everybody()).to.deep.equal(before);
        }
      });
    }
  }

  function describeAssured(operation: Described, leastRole: Role, maxAge: number): void {
    const callAfter = async (seconds: number) => {
      const person = await app.signIn(leastRole);
      return call(operation, staleToken(app, person, seconds), person);
    };

    it(`answers somebody who signed in just less than ${maxAge} seconds ago`, async () => {
      expectSuccess(operation, await callAfter(maxAge - 30));
    });

    it('asks anybody else to enter the password again, and changes nobody', async () => {
      const person = await app.signIn(leastRole);
      const request = await sampleRequest(operation.id, app, person);
      const before = await everybody();

      const answer = await send(app, { ...request, token: staleToken(app, person, maxAge + 1) });

      expectRefusal(operation, answer, 401, 'insufficient_user_authentication');
      expect(answer.headers['www-authenticate']).to.equal(
        `Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Prove again who you are, by password or by passkey", max_age="${maxAge}"`,
      );
      expect(await everybody()).to.deep.equal(before);
    });
  }

  function describeOnlyFor(operation: Described, leastRole: Role, maxAge: number): void {
    const { onlyFor } = operation;
    for (const [name, values] of Object.entries(onlyFor ?? {})) {
      const field = bodyFields(operation)[name];
      const all = field?.enum ?? [true, false];
      for (const value of all) {
        const isAsked = values === 'any' || values.includes(value);
        it(`${isAsked ? 'asks' : 'does not ask'} for the password again for ${name}: ${value}`, async () => {
          const person = await app.signIn(leastRole);
          const { json = {}, ...request } = await sampleRequest(operation.id, app, person);
          const others = Object.entries(json).filter(([other]) => !Object.hasOwn(onlyFor!, other));
          const body = { ...Object.fromEntries(others), [name]: value };

          const answer = await send(app, { ...request, json: body, token: staleToken(app, person, maxAge + 1) });

          if (isAsked) expectRefusal(operation, answer, 401, 'insufficient_user_authentication');
          else expectSuccess(operation, answer);
        });
      }

      it(`has a field ${name} with such values`, () => {
        expect(field, `x-assurance in ${documentOf(operation.id)} names ${name}`).to.exist;
        if (values !== 'any') expect(all).to.include.members([...values]);
      });
    }
  }

  function expectRefusal({ id }: Described, { status, body }: Answer, wanted: number, code: string): void {
    const rule = `\`security\` in ${documentOf(id)} says who may call ${id}; src/access/ enforces it`;
    expect([status, body?.code], rule).to.deep.equal([wanted, code]);
  }

  /** A digest of all users, since there come to be thousands. */
  async function everybody(): Promise<unknown> {
    const { pool } = app.context.database;
    return pool('users').select(pool.raw(`md5(string_agg(users::text, ',' order by id)) as digest`)).first();
  }

  /** Signs the person's claims with the service's own key, but with another header. */
  function resign({ accessToken }: SignedIn, header: Partial<jwt.JwtHeader>, omit?: string): string {
    const { payload, header: own } = jwt.decode(accessToken, { complete: true })!;
    const claims = Object.entries(payload).filter(([name]) => name !== omit);
    const [{ key }] = app.context.features.sessions.accessTokens.keys;
    const alg = (header.alg ?? 'HS256') as jwt.Algorithm;
    return jwt.sign(Object.fromEntries(claims), alg === 'none' ? '' : key, {
      algorithm: alg,
      header: { ...own, ...header },
    });
  }
});
