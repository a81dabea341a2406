import { expect } from 'chai';
import { readAccessPolicy, type SecuredOperation } from '../../../src/access/security.ts';

const securitySchemes = {
  bearerAuth: { type: 'http', scheme: 'bearer' },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    'x-scopes': { 'users:read': 'Read users.', 'users:write': 'Change users.' },
  },
};

const read = (operation: SecuredOperation, security?: unknown) =>
  readAccessPolicy(operation, { ...(security !== undefined && { security }), components: { securitySchemes } });

describe('security in the contract', () => {
  it('names the least role', () => {
    for (const role of ['user', 'moderator', 'admin']) {
      expect(read({ security: [{ bearerAuth: [role] }] })).to.deep.equal({
        access: [{ scheme: 'bearerAuth', leastRole: role }],
        assurance: null,
        withoutSecondFactor: false,
      });
    }
  });

  it('names scopes where the scheme has some', () => {
    expect(read({ security: [{ apiKey: ['users:read', 'users:write'] }] }).access).to.deep.equal([
      { scheme: 'apiKey', scopes: ['users:read', 'users:write'] },
    ]);
  });

  it('names several schemes, any of which is enough', () => {
    expect(read({ security: [{ bearerAuth: ['moderator'] }, { apiKey: ['users:read'] }] }).access).to.deep.equal([
      { scheme: 'bearerAuth', leastRole: 'moderator' },
      { scheme: 'apiKey', scopes: ['users:read'] },
    ]);
  });

  it('makes an operation public with an empty list', () => {
    expect(read({ security: [] }, [{ bearerAuth: ['admin'] }])).to.deep.equal({
      access: 'public',
      assurance: null,
      withoutSecondFactor: true,
    });
  });

  it("defaults to the document's security", () => {
    expect(read({}, [{ bearerAuth: ['admin'] }]).access).to.deep.equal([{ scheme: 'bearerAuth', leastRole: 'admin' }]);
    expect(read({}, []).access).to.equal('public');
  });

  it('includes whether it may be called without a second factor: not unless it says so', () => {
    const security = [{ bearerAuth: ['user'] }];

    expect(read({ security }).withoutSecondFactor).to.equal(false);
    expect(read({ security, 'x-without-second-factor': true }).withoutSecondFactor).to.equal(true);
    for (const given of [false, 'true', null, 1]) {
      expect(() => read({ security, 'x-without-second-factor': given })).to.throw(
        'x-without-second-factor is true, or missing',
      );
    }
    expect(() => read({ security: [], 'x-without-second-factor': true })).to.throw('security lets anybody call');
  });

  it('includes how recent the authentication must be', () => {
    expect(read({ security: [{ bearerAuth: ['user'] }], 'x-assurance': { max_age: 600 } }).assurance).to.deep.equal({
      maxAgeSeconds: 600,
    });
  });

  it('includes the fields of the body that ask for it', () => {
    const given = { max_age: 600, only_for: { role: ['admin'], is_active: 'any' } };

    expect(read({ security: [{ bearerAuth: ['user'] }], 'x-assurance': given }).assurance).to.deep.equal({
      maxAgeSeconds: 600,
      onlyFor: { role: ['admin'], is_active: 'any' },
    });
  });

  for (const only_for of [null, [], ['role'], {}, { role: [] }, { role: 'admin' }, { role: null }]) {
    it(`rejects the fields ${JSON.stringify(only_for)}`, () => {
      const given = { max_age: 600, only_for };

      expect(() => read({ security: [{ bearerAuth: ['user'] }], 'x-assurance': given })).to.throw(
        'only_for names fields of the body, each with a list of values or any, such as {role: [admin]}',
      );
    });
  }

  const roles = 'the roles are user, moderator, admin';
  const wrong: [string, unknown, string][] = [
    ['is nowhere', undefined, 'security is missing, here and for the whole contract; [] lets anybody call'],
    ['is empty', null, 'security is a list, such as [{bearerAuth: [user]}]'],
    ['is no list', { bearerAuth: ['user'] }, 'security is a list, such as [{bearerAuth: [user]}]'],
    ['lists a word', ['bearerAuth'], 'each requirement is an object, such as {bearerAuth: [user]}'],
    ['lists nothing at all', [null], 'each requirement is an object, such as {bearerAuth: [user]}'],
    [
      'has an empty requirement',
      [{ bearerAuth: ['user'] }, {}],
      'a requirement is empty, which would let anybody call; if that is meant, security is []',
    ],
    [
      'asks for two schemes together',
      [{ bearerAuth: ['user'], apiKey: ['users:read'] }],
      'a requirement asks for bearerAuth and apiKey together, which the server does not support; make each a requirement of its own',
    ],
    [
      'names a scheme that is not there',
      [{ cookie: ['user'] }],
      'cookie is not one of the security schemes: bearerAuth, apiKey',
    ],
    [
      'names a scheme that every object has',
      [{ constructor: ['user'] }],
      'constructor is not one of the security schemes: bearerAuth, apiKey',
    ],
    [
      'names a scheme twice',
      [{ bearerAuth: ['user'] }, { bearerAuth: ['admin'] }],
      'security names bearerAuth twice; only one can count',
    ],
    ['names no role', [{ bearerAuth: [] }], `bearerAuth names no role; ${roles}`],
    ['names a role without a list', [{ bearerAuth: 'user' }], `bearerAuth names no role; ${roles}`],
    ['names an unknown role', [{ bearerAuth: ['owner'] }], `bearerAuth names the role "owner"; ${roles}`],
    ['names a role that is a number', [{ bearerAuth: [1] }], `bearerAuth names the role 1; ${roles}`],
    [
      'names several roles',
      [{ bearerAuth: ['user', 'admin'] }],
      'bearerAuth names user and admin; name only the lowest role, which includes all above it',
    ],
    ['names no scope', [{ apiKey: [] }], 'apiKey names no scope; the scopes are users:read, users:write'],
    [
      'names an unknown scope',
      [{ apiKey: ['users:read', 'users:delete'] }],
      'apiKey names the scope "users:delete"; the scopes are users:read, users:write',
    ],
    [
      'names a role where scopes are asked for',
      [{ apiKey: ['admin'] }],
      'apiKey names the scope "admin"; the scopes are users:read, users:write',
    ],
  ];
  for (const [what, security, message] of wrong) {
    it(`is rejected when it ${what}`, () => {
      expect(() => read({ security }))
        .to.throw(Error)
        .with.property('message', message);
    });
  }

  it('is rejected when it names a scheme and the contract has none', () => {
    expect(() => readAccessPolicy({ security: [{ bearerAuth: ['user'] }] }, {})).to.throw(
      'bearerAuth is not one of the security schemes: there are none',
    );
  });

  it('is rejected when the scopes of its scheme have no names', () => {
    const document = { components: { securitySchemes: { apiKey: { 'x-scopes': ['users:read'] } } } };

    expect(() => readAccessPolicy({ security: [{ apiKey: ['users:read'] }] }, document)).to.throw(
      'x-scopes is an object, with a description of each scope under its name',
    );
  });

  for (const assurance of [
    ...[600, 'recent', null, [600], {}],
    ...[0, -1, 1.5, '600', null].map((max_age) => ({ max_age })),
    { max_age: 600, maxage: 60 },
  ]) {
    it(`rejects the x-assurance ${JSON.stringify(assurance)}`, () => {
      expect(() => read({ security: [{ bearerAuth: ['user'] }], 'x-assurance': assurance })).to.throw(
        'x-assurance is {max_age: …}, a whole number of seconds from 1',
      );
    });
  }

  it('rejects x-assurance on a public operation', () => {
    expect(() => read({ security: [], 'x-assurance': { max_age: 600 } })).to.throw(
      'x-assurance needs an authenticated caller, but security lets anybody call',
    );
  });
});
