import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { OperationId } from '../../../src/http/operation.ts';
import type { Role } from '../../../src/access/user.ts';
import { claims, given, issue } from './authenticating.ts';
import { codeOf, refusalOf } from '../platform/failures.ts';
import { aUser } from '../stubs.ts';

describe('the least role', () => {
  const token = `Bearer ${issue(claims)}`;
  const table: Record<Role, Partial<Record<OperationId, boolean>>> = {
    user: { getCurrentUser: true, listUsers: false, deleteUser: false },
    moderator: { getCurrentUser: true, listUsers: true, deleteUser: false },
    admin: { getCurrentUser: true, listUsers: true, deleteUser: true },
  };
  for (const [role, operationsOf] of Object.entries(table)) {
    for (const [id, allowed] of Object.entries(operationsOf) as [OperationId, boolean][]) {
      it(`${allowed ? 'lets' : 'does not let'} a ${role} ${id}`, async () => {
        const { ask } = given(aUser({ id: claims.userId, role: role as Role }));

        const outcome = allowed
          ? (await ask(token, id)).principal?.user.role
          : (await refusalOf(() => ask(token, id))).code;

        expect(outcome).to.equal(allowed ? role : 'forbidden');
      });
    }
  }

  it('names the role that is needed', async () => {
    const { detail } = await refusalOf(() => given().ask(token, 'deleteUser'));

    expect(detail).to.include('admin');
  });

  it('is not needed by users who ask for themselves, in any case of the id', async () => {
    for (const id of [claims.userId, claims.userId.toUpperCase()]) {
      const request = await given().ask(token, 'getUser', { user_id: id });

      expect(request.principal?.user.role).to.equal('user');
    }
  });

  it('is needed by users who ask for others', async () => {
    expect(await codeOf(() => given().ask(token, 'getUser', { user_id: randomUUID() }))).to.equal('forbidden');
    expect(await codeOf(() => given().ask(token, 'getUser', {}))).to.equal('forbidden');
  });

  it('is needed for oneself where the contract makes no exception', async () => {
    const { ask, user } = given();

    expect(await codeOf(() => ask(token, 'updateUser', { user_id: user.id }))).to.equal('forbidden');
  });
});
