import { expect } from 'chai';
import { operationsModule } from '../../../openapi/tools/generate/operations.ts';
import { createAuthorization } from '../../../src/access/authorization.ts';
import type { AnyPrincipal } from '../../../src/access/principal.ts';
import type { Scheme } from '../../../src/access/scheme.ts';
import type { AccessPolicy } from '../../../src/access/security.ts';
import type { Role } from '../../../src/access/user.ts';
import type { ServiceError } from '../../../src/platform/errors.ts';
import { codeOf, failureOf, refusalOf } from '../platform/failures.ts';
import { aUser } from './a-user.ts';
import { aPrincipal, aRequest, claims, given, issue, pass } from './authenticating.ts';

/** A kind of principal that the service doesn't have: a program with a key and scopes. */
interface ServicePrincipal extends AnyPrincipal {
  readonly kind: 'service';
  readonly scopes: readonly string[];
}

const aService = (...scopes: string[]): ServicePrincipal => ({ kind: 'service', id: 'billing', scopes });
const ofRole = (role: Role) => aPrincipal(aUser({ role }));

/** A scheme with a fixed outcome. */
const finding = (found: AnyPrincipal | 'missing' | 'invalid', challenge = 'Bearer realm="latchkey"'): Scheme => ({
  challenge,
  authenticate: async () => found,
});

const open = { access: 'public', assurance: null, withoutSecondFactor: false } as const;

/** Sends a request to `GET /things` under a policy; returns the principal, or throws the refusal. */
async function ask(
  schemes: Record<string, Scheme>,
  policy: Partial<AccessPolicy>,
  headers: Record<string, unknown> = {},
  secondFactorFrom?: Role,
) {
  const operation = { method: 'get', path: '/things', ...open, ...policy } as const;
  const request = aRequest();
  await pass(createAuthorization(schemes, secondFactorFrom)(operation), request, headers);
  return request.principal;
}

/** The refusal's code and its `WWW-Authenticate`. */
async function challengeOf(schemes: Record<string, Scheme>, policy: Partial<AccessPolicy>) {
  const headers: Record<string, unknown> = {};
  const code = await codeOf(() => ask(schemes, policy, headers));
  return { code, challenges: headers['WWW-Authenticate'] };
}

describe('who may call an operation', () => {
  describe('by role', () => {
    const table = {
      user: { getCurrentUser: true, listUsers: false, endUserSessions: false },
      moderator: { getCurrentUser: true, listUsers: true, endUserSessions: false },
      admin: { getCurrentUser: true, listUsers: true, endUserSessions: true },
    } as const;
    for (const role of ['user', 'moderator', 'admin'] as const) {
      for (const id of ['getCurrentUser', 'listUsers', 'endUserSessions'] as const) {
        it(`${table[role][id] ? 'lets' : 'does not let'} ${role} ${id}`, async () => {
          const { ask: askAs, principal } = given(aUser({ id: claims.userId, role }));
          const call = () => askAs(`Bearer ${issue(claims)}`, id);

          if (table[role][id]) expect(await call()).to.equal(principal);
          else expect(await codeOf(call)).to.equal('forbidden');
        });
      }
    }

    const access = [{ scheme: 'bearerAuth', leastRole: 'moderator' }] as const;

    it('names the required role', async () => {
      const { detail } = await refusalOf(() => ask({ bearerAuth: finding(ofRole('user')) }, { access }));

      expect(detail).to.equal('This operation needs the role moderator or higher.');
    });

    it("refuses a principal that isn't a user", async () => {
      const everything = aService('user', 'moderator', 'admin');

      expect(await codeOf(() => ask({ bearerAuth: finding(everything) }, { access }))).to.equal('forbidden');
    });
  });

  describe('by scopes', () => {
    const access = [{ scheme: 'apiKey', scopes: ['users:read', 'users:write'] }];

    it('admits a principal that has all of them', async () => {
      const service = aService('users:write', 'audit:read', 'users:read');

      expect(await ask({ apiKey: finding(service) }, { access })).to.equal(service);
    });

    for (const scopes of [[], ['users:read'], ['users:read users:write'], ['users:*']]) {
      it(`refuses one with ${scopes.join(' and ') || 'none'} and names the required ones`, async () => {
        const { code, detail } = await refusalOf(() => ask({ apiKey: finding(aService(...scopes)) }, { access }));

        expect(code).to.equal('forbidden');
        expect(detail).to.equal('This operation needs the scope users:read and users:write.');
      });
    }

    it('refuses a principal without scopes, whatever its role', async () => {
      expect(await codeOf(() => ask({ apiKey: finding(ofRole('admin')) }, { access }))).to.equal('forbidden');
    });
  });

  describe('by one of several schemes', () => {
    const access = [
      { scheme: 'bearerAuth', leastRole: 'moderator' },
      { scheme: 'apiKey', scopes: ['users:read'] },
    ] as const;
    const [moderator, user, service, stranger] = [
      ofRole('moderator'),
      ofRole('user'),
      aService('users:read'),
      aService(),
    ];

    it('admits whoever satisfies one of them', async () => {
      for (const [bearerAuth, apiKey, found] of [
        [moderator, 'missing', moderator],
        ['missing', service, service],
        ['invalid', service, service],
        [user, service, service],
        [moderator, stranger, moderator],
      ] as const) {
        expect(await ask({ bearerAuth: finding(bearerAuth), apiKey: finding(apiKey) }, { access })).to.equal(found);
      }
    });

    it('refuses whoever satisfies none', async () => {
      for (const [bearerAuth, apiKey, code] of [
        ['missing', 'missing', 'authentication_required'],
        ['invalid', 'missing', 'invalid_token'],
        ['missing', 'invalid', 'invalid_token'],
        [user, 'missing', 'forbidden'],
        ['invalid', stranger, 'forbidden'],
        [user, stranger, 'forbidden'],
      ] as const) {
        const call = () => ask({ bearerAuth: finding(bearerAuth), apiKey: finding(apiKey) }, { access });
        expect(await codeOf(call)).to.equal(code);
      }
    });

    it("never applies another scheme's requirement", async () => {
      const swapped = { bearerAuth: finding(service), apiKey: finding(moderator) };

      expect(await codeOf(() => ask(swapped, { access }))).to.equal('forbidden');
    });

    it("sends each scheme's challenge, with its error if any", async () => {
      const [bearerAuth, apiKey] = [finding('invalid'), finding('missing', 'Key realm="latchkey"')];

      expect(await challengeOf({ bearerAuth, apiKey }, { access })).to.deep.equal({
        code: 'invalid_token',
        challenges: ['Bearer realm="latchkey", error="invalid_token"', 'Key realm="latchkey"'],
      });
    });

    it('sends a shared challenge once', async () => {
      for (const [one, other, error] of [
        ['missing', 'missing', ''],
        ['missing', 'invalid', ', error="invalid_token"'],
        ['invalid', 'missing', ', error="invalid_token"'],
      ] as const) {
        const { challenges } = await challengeOf({ bearerAuth: finding(one), apiKey: finding(other) }, { access });
        expect(challenges).to.deep.equal([`Bearer realm="latchkey"${error}`]);
      }
    });
  });

  describe('by how many factors they authenticated', () => {
    const policy = { access: [{ scheme: 'bearerAuth', leastRole: 'user' }] } as const;
    const outcomeFor = (role: Role, acr: AnyPrincipal['acr'], secondFactorFrom: Role | undefined) => {
      const principal: AnyPrincipal = { kind: 'user', id: 'vera', user: aUser({ role }), ...(acr && { acr }) };
      const call = ask({ bearerAuth: finding(principal) }, policy, {}, secondFactorFrom);
      return call.then(
        () => 'admitted',
        (error: unknown) => (error as ServiceError).code,
      );
    };
    const refusal = 'second_factor_enrolment_required';

    it('admits one where no role needs two', async () => {
      expect(await outcomeFor('admin', 'urn:latchkey:acr:1', undefined)).to.equal('admitted');
    });

    it('asks the roles from the named one for two', async () => {
      for (const [role, acr, expected] of [
        ['user', 'urn:latchkey:acr:1', 'admitted'],
        ['moderator', 'urn:latchkey:acr:1', refusal],
        ['moderator', undefined, refusal],
        ['moderator', 'urn:latchkey:acr:2', 'admitted'],
        ['admin', 'urn:latchkey:acr:1', refusal],
        ['admin', 'urn:latchkey:acr:2', 'admitted'],
      ] as const) {
        expect(await outcomeFor(role, acr, 'moderator'), `${role} by ${acr}`).to.equal(expected);
      }
    });

    it('admits one where the contract says so', async () => {
      const call = () =>
        ask({ bearerAuth: finding(ofRole('admin')) }, { ...policy, withoutSecondFactor: true }, {}, 'user');

      expect(await call()).to.have.property('kind', 'user');
    });

    it('refuses a role that is too low as such', async () => {
      const access = [{ scheme: 'bearerAuth', leastRole: 'admin' }] as const;

      expect(await codeOf(() => ask({ bearerAuth: finding(ofRole('user')) }, { access }, {}, 'user'))).to.equal(
        'forbidden',
      );
    });

    it('is asked before how recently: enrolling is what helps', async () => {
      const assured = { ...policy, assurance: { maxAgeSeconds: 600 } };
      const long = { ...ofRole('admin'), authenticatedAt: new Date(0) };

      expect(await codeOf(() => ask({ bearerAuth: finding(long) }, assured, {}, 'admin'))).to.equal(refusal);
    });
  });

  describe('by how recently they authenticated', () => {
    const policy = {
      access: [{ scheme: 'bearerAuth', leastRole: 'user' }],
      assurance: { maxAgeSeconds: 600 },
    } as const;
    const provedAgo = (seconds: number): AnyPrincipal => ({
      ...ofRole('user'),
      authenticatedAt: new Date(Date.now() - seconds * 1000),
    });

    it('admits a recent authentication', async () => {
      for (const seconds of [0, 598]) {
        const principal = provedAgo(seconds);
        expect(await ask({ bearerAuth: finding(principal) }, policy)).to.equal(principal);
      }
    });

    it('asks for step-up authentication otherwise (RFC 9470)', async () => {
      for (const principal of [provedAgo(601), ofRole('user')]) {
        expect(await challengeOf({ bearerAuth: finding(principal) }, policy)).to.deep.equal({
          code: 'insufficient_user_authentication',
          challenges: [
            'Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Prove again who you are, by password or by passkey", max_age="600"',
          ],
        });
      }
    });

    it('asks whoever has proved two factors for two again', async () => {
      const principal: AnyPrincipal = { ...provedAgo(601), acr: 'urn:latchkey:acr:2' };

      expect((await challengeOf({ bearerAuth: finding(principal) }, policy)).challenges).to.deep.equal([
        'Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Prove again who you are, by password and second factor or by passkey", max_age="600", acr_values="urn:latchkey:acr:2"',
      ]);
    });

    it('refuses a role that is too low without asking for step-up', async () => {
      const access = [{ scheme: 'bearerAuth', leastRole: 'admin' }] as const;

      expect(await codeOf(() => ask({ bearerAuth: finding(provedAgo(601)) }, { ...policy, access }))).to.equal(
        'forbidden',
      );
    });

    it('leaves what is only for some bodies to the check of the body', async () => {
      const assurance = { maxAgeSeconds: 600, onlyFor: { role: 'any' } } as const;
      const principal = provedAgo(601);

      expect(await ask({ bearerAuth: finding(principal) }, { ...policy, assurance })).to.equal(principal);
    });

    it('is read from the contract', async () => {
      const { removeFactor } = await operationsOf({
        components: { securitySchemes: { bearerAuth: {} } },
        servers: [{ url: '/' }],
        paths: {
          '/factors': {
            delete: {
              operationId: 'removeFactor',
              security: [{ bearerAuth: ['user'] }],
              'x-assurance': { max_age: 60 },
            },
          },
        },
      });

      expect(await ask({ bearerAuth: finding(provedAgo(59)) }, removeFactor!)).to.have.property('kind', 'user');
      expect(await codeOf(() => ask({ bearerAuth: finding(provedAgo(61)) }, removeFactor!))).to.equal(
        'insufficient_user_authentication',
      );
    });
  });

  describe("is checked at start: a server doesn't start", () => {
    const unreadable: [string, object, string][] = [
      ['with no policy', { access: undefined }, 'GET /things: its security is missing or empty'],
      ['with a policy that nobody can meet', { access: [] }, 'GET /things: its security is missing or empty'],
      [
        'without a scheme that a policy names',
        { access: [{ scheme: 'cookie', leastRole: 'user' }] },
        'GET /things: nothing authenticates by cookie',
      ],
      [
        'with a role that is none',
        { access: [{ scheme: 'bearerAuth', leastRole: 'owner' }] },
        'GET /things: bearerAuth asks for neither a role nor scopes',
      ],
      [
        'with no scopes',
        { access: [{ scheme: 'bearerAuth', scopes: [] }] },
        'GET /things: bearerAuth asks for neither a role nor scopes',
      ],
    ];
    for (const [what, policy, message] of unreadable) {
      it(what, async () => {
        const failure = await failureOf(() => ask({ bearerAuth: finding(ofRole('admin')) }, policy));

        expect(failure).to.be.an('error').with.property('message', message);
      });
    }
  });
});

/** The operations that the server would mount for a contract. */
async function operationsOf(contract: Parameters<typeof operationsModule>[0]) {
  const source = operationsModule(contract).replaceAll('} as const;', '};');
  const { operations } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    operations: Record<string, AccessPolicy>;
  };
  return operations;
}
