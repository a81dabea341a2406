import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { addMarked } from '../../support/factories.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

const days = (count: number) => count * 86_400_000;

describe('listRestorableUsers', () => {
  const app = useApp({ env: { ERASE_AFTER_DAYS: '10' } });
  let token: string;

  before('sign an administrator in', async () => {
    ({ accessToken: token } = await app.signIn('admin'));
  });
  beforeEach(() => app.context.database.pool('users').whereNotNull('deleted_at').delete());

  const list = (query: Record<string, string | number> = {}) => app.send('get', '/restorable-users', { token, query });
  const idsOf = async (query?: Record<string, string | number>) =>
    ((await list(query)).body.items as { id: string }[]).map(({ id }) => id);

  /** Users who were deleted one after the other. */
  async function givenDeleted(...names: string[]) {
    const { mark, ids, users } = await addMarked(
      app,
      names.map((fullName) => ({ fullName, email: fullName.toLowerCase() })),
    );
    for (const id of ids) await app.users.remove(id);
    return { mark, ids, users };
  }

  it('shows who was deleted last first, and until when they can be restored', async () => {
    const { ids, users } = await givenDeleted('Ada', 'Grace');
    const kept = await app.signIn();

    const { status, body } = await list();

    expect(status).to.equal(200);
    expect(body.next_cursor).to.equal(null);
    const items = body.items as { id: string; deleted_at: string; restorable_until: string }[];
    expect(items.map(({ id }) => id)).to.deep.equal(ids.toReversed());
    expect(items.map(({ id }) => id)).not.to.include(kept.id);
    const [grace] = items;
    const { deleted_at: deletedAt, restorable_until: until } = grace!;
    expect(Date.now() - Date.parse(deletedAt)).to.be.within(-1000, 60_000);
    expect(Date.parse(until) - Date.parse(deletedAt)).to.equal(days(10));
    const { email, fullName } = users[1]!;
    const shown = { id: ids[1], email, full_name: fullName, role: 'user' };
    expect(grace).to.deep.equal({ ...shown, deleted_at: deletedAt, restorable_until: until });
  });

  it('finds them by name, address and id', async () => {
    const { mark, ids, users } = await givenDeleted('Ada', 'Grace');

    expect(await idsOf({ search: ` ADA ${mark} ` })).to.deep.equal([ids[0]]);
    expect(await idsOf({ search: users[1]!.email })).to.deep.equal([ids[1]]);
    expect(await idsOf({ search: ids[0]! })).to.deep.equal([ids[0]]);
    expect(await idsOf({ search: 'nobody at all' })).to.deep.equal([]);
  });

  it('no longer has who was restored or erased', async () => {
    const { ids } = await givenDeleted('Ada', 'Grace', 'Joan');
    await app.send('post', `/users/${ids[0]}/restore`, { token });
    await app.context.database.pool('users').where({ id: ids[1]! }).update({ erased_at: new Date() });

    expect(await idsOf()).to.deep.equal([ids[2]]);
  });

  it('goes on from a cursor to the end, also among those deleted at the same moment', async () => {
    const { ids, mark } = await givenDeleted('Ada', 'Grace', 'Joan', 'Mary', 'Edith');
    await app.context.database.pool('users').whereIn('id', ids.slice(1, 4)).update({ deleted_at: '2026-01-15Z' });
    const all = await idsOf();

    const walked: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await list({ limit: 2, search: mark, ...(cursor && { cursor }) });
      walked.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = body.next_cursor as string | null;
    } while (cursor);

    expect(walked).to.deep.equal(all);
    expect(walked).to.have.members(ids);
  });

  it('refuses the cursor of another list, and whoever is no administrator', async () => {
    const { mark } = await givenDeleted('Ada', 'Grace');
    const { body } = await list({ limit: 1 });

    expect(brokenRules(await list({ cursor: body.next_cursor, search: mark }))).to.deep.equal(['/query/cursor cursor']);
    const { accessToken } = await app.signIn('moderator');
    expectProblem(await app.send('get', '/restorable-users', { token: accessToken }), 403, 'forbidden');
  });
});
