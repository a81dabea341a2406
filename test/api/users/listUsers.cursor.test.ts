import { expect } from 'chai';
import { addMarked, addUser, inFourOrders, type AddedState } from '../../support/factories.ts';
import { brokenRules } from '../../support/problems.ts';
import { idsOf, useUserLists, type Query } from './user-lists.ts';

describe('listUsers by cursors', () => {
  const { app, list } = useUserLists();

  // Follows `next_cursor` to the end.
  const walk = async (query: Query) => {
    const parts = [await list(query)];
    for (let cursor = parts[0]!.body.next_cursor; cursor !== null; cursor = parts.at(-1)!.body.next_cursor) {
      parts.push(await list({ ...query, cursor: String(cursor) }));
    }
    return parts;
  };

  const sameTime = { createdAt: '2026-01-15T09:30:00.000Z' };

  for (const order of ['asc', 'desc']) {
    it(`lists each user once though all were created at the same time, ${order}`, async () => {
      const { mark, ids } = await addMarked(app, Array<AddedState>(7).fill(sameTime));

      const parts = await walk({ search: mark, limit: 2, sort_order: order });

      expect(parts.map(({ body }) => body.items.length as number)).to.deep.equal([2, 2, 2, 1]);
      expect(parts.flatMap(idsOf)).to.deep.equal(order === 'asc' ? ids : ids.toReversed());
    });
  }

  for (const field of ['created_at', 'updated_at', 'email', 'full_name']) {
    it(`has the same order as pages, by ${field}`, async () => {
      const { mark } = await addMarked(app, inFourOrders);
      const query = { search: mark, sort_by: field, sort_order: 'asc' };

      const parts = await walk({ ...query, limit: 1 });

      expect(parts.flatMap(idsOf)).to.deep.equal(idsOf(await list(query)));
      expect(parts).to.have.length(inFourOrders.length);
    });
  }

  it('does not count', async () => {
    const { mark } = await addMarked(app, [{}, {}]);
    const first = await list({ search: mark, limit: 1 });

    const { body } = await list({ search: mark, limit: 1, cursor: first.body.next_cursor });

    const uncounted = { total: null, total_is_exact: null, page: null, total_pages: null };
    expect(body).to.include({ ...uncounted, limit: 1, next_cursor: null });
  });

  it('continues in place when users come and go', async () => {
    const { mark, ids, users } = await addMarked(app, [{}, {}, {}, {}]);
    const query = { search: mark, limit: 2, sort_order: 'desc' };
    const first = await list(query);
    await addUser(app, { fullName: `Quill ${mark}` });
    await app.users.remove(users[3]!.id);

    const second = await list({ ...query, cursor: first.body.next_cursor });

    expect(idsOf(first)).to.deep.equal([ids[3], ids[2]]);
    expect(idsOf(second)).to.deep.equal([ids[1], ids[0]]);
  });

  it('continues from any page with another limit', async () => {
    const { mark, ids } = await addMarked(app, Array<AddedState>(5).fill(sameTime));
    const query = { search: mark, sort_order: 'asc' };
    const second = await list({ ...query, limit: 2, page: 2 });

    const rest = await list({ ...query, limit: 50, cursor: second.body.next_cursor });

    expect(idsOf(rest)).to.deep.equal(ids.slice(4));
  });

  it('rejects cursors beside a page, tampered with, or of another list', async () => {
    const { mark, users } = await addMarked(app, [{}, {}, {}]);
    const query = { search: mark, limit: 1 };
    const cursor = String((await list(query)).body.next_cursor);
    const [payload = '', signature = ''] = cursor.split('.');
    const elsewhere = Buffer.from(JSON.stringify(['2026-01-15T09:30:00.000Z', users[0]!.id])).toString('base64url');
    const otherSignature = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;

    const beside = await list({ ...query, cursor, page: 1 });
    expect(brokenRules(beside)).to.deep.equal(['/query/page cursor']);
    for (const change of [
      ...[`${elsewhere}.${signature}`, `${payload}.${otherSignature}`].map((wrong) => ({ cursor: wrong })),
      ...[{ search: 'another' }, { role: 'user' }, { is_active: true }, { email_verified: false }],
      ...[{ sort_by: 'updated_at' }, { sort_order: 'asc' }],
    ]) {
      const answer = await list({ ...query, cursor, ...change });
      expect(brokenRules(answer), JSON.stringify(change)).to.deep.equal(['/query/cursor cursor']);
    }
  });
});
