import { expect } from 'chai';
import { addMarked, addUser, inFourOrders, newMark, type AddedState } from '../../support/factories.ts';
import { idsOf, useUserLists } from './user-lists.ts';

describe('listUsers', () => {
  const { app, list, listBy } = useUserLists();

  describe('by pages', () => {
    it('returns the newest 20 by default, and nothing secret', async () => {
      const { ids } = await addMarked(app, Array<AddedState>(21).fill({}));

      const answer = await list();

      expect(answer.status).to.equal(200);
      expect(answer.headers['cache-control']).to.equal('no-store');
      expect(answer.body).to.include({ page: 1, limit: 20 });
      expect(idsOf(answer)).to.deep.equal(ids.reverse().slice(0, 20));
      expect(answer.bytes.toString()).not.to.match(/password|hash|version|deleted/);
    });

    it('counts all matches and pages through them', async () => {
      const { mark, ids } = await addMarked(app, Array<AddedState>(5).fill({}));
      const query = { search: mark, limit: 2, sort_order: 'asc' };

      const pages = [await list(query), await list({ ...query, page: 2 }), await list({ ...query, page: 3 })];

      for (const [index, { body }] of pages.entries()) {
        expect(body).to.include({ total: 5, total_is_exact: true, total_pages: 3, limit: 2, page: index + 1 });
      }
      expect(pages.map(idsOf)).to.deep.equal([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
      expect(pages.map(({ body }) => body.next_cursor === null)).to.deep.equal([false, false, true]);
    });

    it('has no next page after a full last one', async () => {
      const { mark } = await addMarked(app, Array<AddedState>(2).fill({}));

      const { body } = await list({ search: mark, limit: 2 });

      expect(body).to.include({ total: 2, total_pages: 1, next_cursor: null });
    });

    it('is empty beyond the end but still counts', async () => {
      const { mark } = await addMarked(app, [{}, {}]);

      const { status, body } = await list({ search: mark, page: 100_000 });

      expect(status).to.equal(200);
      const counted = { total: 2, total_is_exact: true, total_pages: 1 };
      expect(body).to.deep.equal({ items: [], ...counted, page: 100_000, limit: 20, next_cursor: null });
    });

    it('is empty when nobody matches', async () => {
      const { body } = await list({ search: newMark() });

      const counted = { total: 0, total_is_exact: true, total_pages: 0 };
      expect(body).to.deep.equal({ items: [], ...counted, page: 1, limit: 20, next_cursor: null });
    });

    it('counts no more than a thousand, but pages reach further', async () => {
      await app.context.database.pool.raw(
        `insert into users (id, email, full_name, role, is_active, password_hash, created_at)
        select gen_random_uuid(), n || '.many@example.com', 'Many', 'moderator', false, '', '2020-01-01Z' from generate_series(1, 1001) n`,
      );
      const query = { role: 'moderator', is_active: false, sort_order: 'asc', limit: 100 };

      const first = await list(query);
      const eleventh = await list({ ...query, page: 11 });

      for (const { body } of [first, eleventh]) {
        expect(body).to.include({ total: 1000, total_is_exact: false, total_pages: null });
      }
      expect(idsOf(eleventh)).not.to.be.empty;
    });

    it('accepts a limit of 1 and of 100', async () => {
      expect((await list({ limit: 1 })).body.items).to.have.length(1);
      expect((await list({ limit: 100 })).body.limit).to.equal(100);
    });
  });

  describe('sorted', () => {
    // For each field, the expected order as indexes of the four users.
    const orders = {
      created_at: [0, 1, 2, 3],
      updated_at: [3, 2, 1, 0],
      email: [2, 0, 3, 1],
      full_name: [1, 3, 0, 2],
    };
    for (const [field, order] of Object.entries(orders)) {
      for (const direction of ['asc', 'desc']) {
        it(`by ${field} ${direction}`, async () => {
          const { mark, ids } = await addMarked(app, inFourOrders);
          const expected = (direction === 'asc' ? order : order.toReversed()).map((index) => ids[index]);

          const answer = await list({ search: mark, sort_by: field, sort_order: direction });

          expect(idsOf(answer)).to.deep.equal(expected);
        });
      }
    }

    it('by id for equal values', async () => {
      const { mark, ids } = await addMarked(app, Array<AddedState>(5).fill({ fullName: 'Quill' }));

      const answer = await list({ search: mark, sort_by: 'full_name', sort_order: 'desc' });

      expect(idsOf(answer)).to.deep.equal(ids.toReversed());
    });
  });

  describe('searched', () => {
    it('matches parts of name or address in any case', async () => {
      const [mark, other] = [newMark(), newMark()];
      const byName = await addUser(app, { fullName: `Quill X${mark}X` });
      const byAddress = await addUser(app, { email: `x${mark}x@example.com` });
      await addUser(app, { fullName: `Quill ${other}` });

      const found = await list({ search: mark.toUpperCase(), sort_order: 'asc' });

      expect(idsOf(found)).to.deep.equal([byName.id, byAddress.id]);
    });

    it('matches non-ASCII names in any case', async () => {
      const mark = newMark();
      const { id } = await addUser(app, { fullName: `Åsa Öhman ${mark}` });

      expect(idsOf(await list({ search: `åSA öHMAN ${mark}` }))).to.deep.equal([id]);
      expect(idsOf(await list({ search: ` öHMAN ${mark} ` }))).to.deep.equal([id]);
    });

    it('matches names in any normalisation form', async () => {
      const mark = newMark();
      const { id } = await addUser(app, { fullName: `Zo\u00eb Quill ${mark}` });

      for (const name of ['Zo\u00eb', 'Zoe\u0308', 'ZOE\u0308']) {
        expect(idsOf(await list({ search: `${name} Quill ${mark}` }))).to.deep.equal([id]);
      }
    });

    it('matches international domains in Unicode and ASCII', async () => {
      const mark = newMark();
      const { id } = await addUser(app, { email: `${mark}@b\u00fccher.example` });

      for (const domain of ['b\u00fccher.example', 'B\u00dcCHER.EX', 'bu\u0308cher', 'xn--bcher-kva.example']) {
        expect(idsOf(await list({ search: `${mark}@${domain}` }))).to.deep.equal([id]);
      }
    });

    for (const sign of ['%', '_', '\\']) {
      it(`matches ${sign} literally`, async () => {
        const mark = newMark();
        const { id } = await addUser(app, { fullName: `Quill ${mark}${sign}1` });
        await addUser(app, { fullName: `Quill ${mark}x1` });

        expect(idsOf(await list({ search: `${mark}${sign}1` }))).to.deep.equal([id]);
        expect(idsOf(await list({ search: `${mark}${sign}${sign}` }))).to.deep.equal([]);
      });
    }

    for (const [what, encode] of [
      ['percent signs', (text: string) => encodeURIComponent(text)],
      [
        'a form, spaces as plus signs',
        (text: string) => new URLSearchParams({ text }).toString().slice('text='.length),
      ],
    ] as const) {
      it(`matches every character literally, encoded with ${what}`, async () => {
        const mark = newMark();
        const name = `Quill O'Neil+Co. (a, b; c: d @ e/f? !$*=#&) [${mark}]`;
        const { id } = await addUser(app, { fullName: name });

        const answer = await listBy(`search=${encode(name)}`);

        expect(answer.status).to.equal(200);
        expect(idsOf(answer)).to.deep.equal([id]);
      });
    }
  });

  describe('filtered', () => {
    const states: AddedState[] = [
      { role: 'user' },
      { role: 'user', isActive: false },
      { role: 'moderator' },
      { role: 'moderator', isActive: false, isEmailVerified: true },
    ];
    for (const [filter, places] of [
      [{ role: 'user' }, [0, 1]],
      [{ role: 'moderator' }, [2, 3]],
      [{ role: 'admin' }, []],
      [{ is_active: true }, [0, 2]],
      [{ is_active: false }, [1, 3]],
      [{ role: 'moderator', is_active: false }, [3]],
      [{ email_verified: true }, [3]],
      [{ email_verified: false }, [0, 1, 2]],
      [{ email_verified: false, role: 'moderator', is_active: true }, [2]],
    ] as const) {
      it(`by ${JSON.stringify(filter)}, with the count`, async () => {
        const { mark, ids } = await addMarked(app, states);

        const answer = await list({ search: mark, sort_order: 'asc', ...filter });

        expect(idsOf(answer)).to.deep.equal(places.map((place) => ids[place]));
        expect(answer.body.total).to.equal(places.length);
      });
    }
  });

  it('omits deleted users', async () => {
    const { mark, ids } = await addMarked(app, [{}, {}, {}]);
    await app.users.remove(ids[1]!);

    const answer = await list({ search: mark, sort_order: 'asc' });

    expect(idsOf(answer)).to.deep.equal([ids[0], ids[2]]);
    expect(answer.body.total).to.equal(2);
  });
});
