import { expect } from 'chai';
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { createUserCursors } from '../../../src/features/users/user-cursor.ts';
import type { SortField, UserQuery } from '../../../src/features/users/user-lists.ts';
import { contract } from '../../support/contract.ts';
import { refusalOf, rulesOf } from '../platform/failures.ts';
import { aUser } from '../access/a-user.ts';

const cursors = createUserCursors([createSecretKey(Buffer.alloc(32, 7))]);
const query: UserQuery = { sortBy: 'full_name', sortOrder: 'asc' };
const vera = aUser({ email: 'vera@example.com', fullName: 'Zoë, "Vera" \u{1f98a} Stone' });

describe('user cursor', () => {
  const values: Record<SortField, string> = {
    created_at: '2026-01-02T03:04:05.678Z',
    updated_at: '2026-02-03T04:05:06.789Z',
    email: 'vera@example.com',
    full_name: 'Zoë, "Vera" \u{1f98a} Stone',
  };
  for (const [sortBy, value] of Object.entries(values) as [SortField, string][]) {
    it(`encodes a user's position in a list by ${sortBy}`, () => {
      const list = { ...query, sortBy };
      const last = { ...vera, updatedAt: new Date('2026-02-03T04:05:06.789Z') };

      const place = cursors.read(list, cursors.write(list, last));

      expect(place).to.deep.equal({ value, id: vera.id });
    });
  }

  it("fits the contract's schema whatever the name", () => {
    const { schema } = contract.components['parameters']!['Cursor'] as {
      schema: { maxLength: number; pattern: string };
    };
    // Names stored before the limit applied to the composed form have at most 300 characters.
    const name = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\u{1f98a}', '\u2028', '\u0001'),
      minLength: 1,
      maxLength: 300,
    });
    const any = fc.oneof(name, fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('\u{1d160}'.repeat(100)));

    fc.assert(
      fc.property(any, (fullName) => {
        const cursor = cursors.write(query, { ...vera, fullName: fullName.normalize('NFC').slice(0, 600) });
        expect(cursor.length).to.be.at.most(schema.maxLength);
        expect(cursor).to.match(new RegExp(schema.pattern));
      }),
    );
  });

  it('needs no encoding in a URL', () => {
    const cursor = cursors.write(query, vera);

    expect(encodeURIComponent(cursor)).to.equal(cursor);
  });

  describe('that was tampered with', () => {
    const cursor = cursors.write(query, vera);
    const [payload = '', signature = ''] = cursor.split('.');
    const encode = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
    const tampered: [string, string][] = [
      ['another value', `${encode(['A', vera.id])}.${signature}`],
      ['another id', `${encode([vera.fullName, aUser().id])}.${signature}`],
      ['no place at all', `.${signature}`],
      ['another signature', `${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
      ['half a signature', `${payload}.${signature.slice(0, 11)}`],
      ['a longer signature', `${payload}.${signature}AAAA`],
      ['no signature', payload],
      ['an empty signature', `${payload}.`],
      ['its halves exchanged', `${signature}.${payload}`],
      ['nothing', ''],
      ['a dot', '.'],
      ['words', 'not a cursor'],
      ['letters of other scripts', 'ж.ж'],
    ];
    for (const [what, text] of tampered) {
      it(`is rejected with ${what}`, async () => {
        expect(await rulesOf(() => cursors.read(query, text))).to.deep.equal(['cursor']);
      });
    }
  });

  const others: [string, Partial<UserQuery>][] = [
    ['another field', { sortBy: 'email' }],
    ['the other order', { sortOrder: 'desc' }],
    ['a search', { search: 'vera' }],
    ['an empty search', { search: '' }],
    ['a role', { role: 'user' }],
    ['the active ones', { isActive: true }],
    ['the inactive ones', { isActive: false }],
  ];
  for (const [what, changes] of others) {
    it(`is rejected for a list by ${what}`, async () => {
      const other = { ...query, ...changes };

      expect(await rulesOf(() => cursors.read(other, cursors.write(query, vera)))).to.deep.equal(['cursor']);
      expect(await rulesOf(() => cursors.read(query, cursors.write(other, vera)))).to.deep.equal(['cursor']);
    });
  }

  it('treats an undefined filter as missing', () => {
    const spelt: UserQuery = { ...query, search: undefined, role: undefined, isActive: undefined };

    expect(cursors.read(query, cursors.write(spelt, vera)).id).to.equal(vera.id);
  });

  it('is rejected when another key signed it', async () => {
    const foreign = createUserCursors([createSecretKey(Buffer.alloc(32, 8))]).write(query, vera);

    expect(await rulesOf(() => cursors.read(query, foreign))).to.deep.equal(['cursor']);
  });

  it('survives key rotation while the old key is kept', () => {
    const [older, newer] = [createSecretKey(Buffer.alloc(32, 7)), createSecretKey(Buffer.alloc(32, 8))];
    const after = createUserCursors([newer, older]);

    expect(after.read(query, cursors.write(query, vera)).id).to.equal(vera.id);
    expect(createUserCursors([newer]).read(query, after.write(query, vera)).id).to.equal(vera.id);
  });

  it('names the parameter that is wrong', async () => {
    const { violations } = await refusalOf(() => cursors.read(query, 'nothing'));

    expect(violations?.map(({ pointer }) => pointer)).to.deep.equal(['/query/cursor']);
  });
});
