/** How changes to who may call an operation are classified. */
import { expect } from 'chai';
import { accessChanges } from '../../openapi/tools/changes/access-changes.ts';
import type { BundledContract } from '../../openapi/tools/changes/contract-index.ts';

describe('a change to who may call an operation', () => {
  const admins = [{ bearerAuth: ['admin'] }];
  const readers = [{ partnerKey: ['users:read'] }];
  const writers = [{ partnerKey: ['users:read', 'users:write'] }];
  const rows = [
    [
      'an additional scheme',
      admins,
      [...admins, ...readers],
      'compatible',
      'partnerKey with the scope `users:read` may call it too.',
    ],
    ['a removed scheme', [...admins, ...readers], admins, 'breaking', 'partnerKey may no longer call it.'],
    [
      'an additional scope',
      readers,
      writers,
      'breaking',
      'partnerKey needs the scope `users:read` and `users:write` now; it needed the scope `users:read`.',
    ],
    [
      'a removed scope',
      writers,
      readers,
      'compatible',
      'partnerKey needs the scope `users:read` now; it needed the scope `users:read` and `users:write`.',
    ],
    [
      'opening it to everyone',
      [...admins, ...readers],
      [],
      'compatible',
      'it is open to everyone now; it needed the role `admin` or the scope `users:read`.',
    ],
  ] as const;
  for (const [what, before, after, level, text] of rows) {
    it(`${what} is ${level}`, () => {
      expect(changesFrom({ security: before }, { security: after })).to.deep.equal([{ level, text }]);
    });
  }

  it('ignores the order of schemes and scopes', () => {
    const [before, after] = [
      [...admins, ...writers],
      [{ partnerKey: ['users:write', 'users:read'] }, ...admins],
    ];

    expect(changesFrom({ security: before }, { security: after })).to.deep.equal([]);
  });

  for (const [what, before, after, level, text] of [
    [
      'a new limit on the age of the sign-in',
      undefined,
      600,
      'breaking',
      'it needs a sign-in within the last 600 seconds now.',
    ],
    [
      'a shorter limit on the age of the sign-in',
      600,
      60,
      'breaking',
      'it needs a sign-in within the last 60 seconds now.',
    ],
    [
      'a longer limit on the age of the sign-in',
      60,
      600,
      'compatible',
      'it needs a sign-in within the last 600 seconds now.',
    ],
    [
      'no more limit on the age of the sign-in',
      600,
      undefined,
      'compatible',
      'it can be called however long ago the sign-in was.',
    ],
  ] as const) {
    it(`${what} is ${level}`, () => {
      const assurance = (seconds?: number) => ({
        security: admins,
        ...(seconds && { 'x-assurance': { max_age: seconds } }),
      });

      expect(changesFrom(assurance(before), assurance(after))).to.deep.equal([{ level, text }]);
    });
  }

  const everything = { max_age: 600 };
  const roles = { max_age: 600, only_for: { role: 'any' } };
  const onlyAdmins = { max_age: 600, only_for: { role: ['admin'] } };
  for (const [what, before, after, level, text] of [
    ['a sign-in asked for some bodies', undefined, onlyAdmins, 'breaking', ', if the body has `role` admin'],
    ['a sign-in asked for more values', onlyAdmins, roles, 'breaking', ', if the body has `role`'],
    ['a sign-in asked for every body', roles, everything, 'breaking', ''],
    ['a sign-in asked for fewer values', roles, onlyAdmins, 'compatible', ', if the body has `role` admin'],
    ['a sign-in asked for some bodies only', everything, roles, 'compatible', ', if the body has `role`'],
  ] as const) {
    it(`${what} is ${level}`, () => {
      const assurance = (given?: object) => ({ security: admins, ...(given && { 'x-assurance': given }) });

      expect(changesFrom(assurance(before), assurance(after))).to.deep.equal([
        { level, text: `it needs a sign-in within the last 600 seconds now${text}.` },
      ]);
    });
  }

  it('a second factor that is needed now is breaking, and one that no longer is is no change', () => {
    const [without, needed] = [{ security: admins, 'x-without-second-factor': true }, { security: admins }];

    expect(changesFrom(without, needed)).to.deep.equal([
      { level: 'breaking', text: 'roles that need a second factor can no longer call it without.' },
    ]);
    expect(changesFrom(needed, without)).to.deep.equal([]);
  });

  function changesFrom(before: object, after: object) {
    const contract = (operation: object): BundledContract => ({
      info: { version: '1.0.0' },
      paths: { '/users': { get: operation } },
      components: {
        securitySchemes: { bearerAuth: {}, partnerKey: { 'x-scopes': { 'users:read': '', 'users:write': '' } } },
      },
    });
    return accessChanges(contract(before), contract(after)).map(({ level, text }) => ({ level, text }));
  }
});
