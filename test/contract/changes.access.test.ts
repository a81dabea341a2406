/** Who may call an operation, before and after. */
import { expect } from 'chai';
import { accessChanges } from '../../openapi/tools/changes/access-changes.ts';
import type { BundledContract } from '../../openapi/tools/changes/contract-index.ts';

describe('changes of who may call an operation', () => {
  const admins = [{ bearerAuth: ['admin'] }];
  const readers = [{ partnerKey: ['users:read'] }];
  const writers = [{ partnerKey: ['users:read', 'users:write'] }];
  const rows = [
    [
      'another scheme besides',
      admins,
      [...admins, ...readers],
      'compatible',
      'partnerKey with the scope `users:read` may call it too.',
    ],
    ['a scheme less', [...admins, ...readers], admins, 'breaking', 'partnerKey may no longer call it.'],
    [
      'another scope',
      readers,
      writers,
      'breaking',
      'partnerKey needs the scope `users:read` and `users:write` now; it needed the scope `users:read`.',
    ],
    [
      'a scope less',
      writers,
      readers,
      'compatible',
      'partnerKey needs the scope `users:read` now; it needed the scope `users:read` and `users:write`.',
    ],
    [
      'anybody at all',
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

  it('the same in another order is none', () => {
    const [before, after] = [
      [...admins, ...writers],
      [{ partnerKey: ['users:write', 'users:read'] }, ...admins],
    ];

    expect(changesFrom({ security: before }, { security: after })).to.deep.equal([]);
  });

  for (const [before, after, level, text] of [
    [undefined, 600, 'breaking', 'it needs a sign-in of the last 600 seconds now.'],
    [600, 60, 'breaking', 'it needs a sign-in of the last 60 seconds now.'],
    [60, 600, 'compatible', 'it needs a sign-in of the last 600 seconds now.'],
    [600, undefined, 'compatible', 'it can be called however long ago the sign-in was.'],
  ] as const) {
    it(`a sign-in of the last ${after ?? 'few years'} in place of ${before ?? 'any number of'} seconds is ${level}`, () => {
      const assurance = (seconds?: number) => ({
        security: admins,
        ...(seconds && { 'x-assurance': { max_age: seconds } }),
      });

      expect(changesFrom(assurance(before), assurance(after))).to.deep.equal([{ level, text }]);
    });
  }

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
