import { expect } from 'chai';
import { createCursors } from '../../../src/platform/lists/cursors.ts';
import { readPart, type List } from '../../../src/platform/lists/parts.ts';
import { createSecretKey } from 'node:crypto';

const cursors = createCursors([createSecretKey(Buffer.alloc(32))]);

/** The numbers from 1 to `count`, as a list. */
function numbers(count: number, name = 'numbers'): List<number> {
  return {
    name,
    read: (limit, after) => {
      const start = Number(after?.value ?? 0);
      return Promise.resolve(Array.from({ length: count - start }, (_, index) => start + index + 1).slice(0, limit));
    },
    placeOf: (number) => ({ value: String(number), id: String(number) }),
  };
}

describe('a part of a list', () => {
  it('leads to the next, and the last to none', async () => {
    const first = await readPart(cursors, numbers(5), { limit: 2 });
    const second = await readPart(cursors, numbers(5), { limit: 2, cursor: first.nextCursor! });
    const third = await readPart(cursors, numbers(5), { limit: 2, cursor: second.nextCursor! });

    expect([first.rows, second.rows, third.rows]).to.deep.equal([[1, 2], [3, 4], [5]]);
    expect(third.nextCursor).to.equal(null);
  });

  it('that the rows just fill is the last', async () => {
    expect(await readPart(cursors, numbers(2), { limit: 2 })).to.deep.equal({ rows: [1, 2], nextCursor: null });
  });

  it('can be empty', async () => {
    expect(await readPart(cursors, numbers(0), { limit: 2 })).to.deep.equal({ rows: [], nextCursor: null });
  });

  it('refuses the cursor of another list', async () => {
    const { nextCursor } = await readPart(cursors, numbers(5), { limit: 2 });

    const other = await readPart(cursors, numbers(5, 'others'), { limit: 2, cursor: nextCursor! }).catch(
      (error: unknown) => error,
    );

    expect(other).to.have.property('code', 'validation_failed');
  });
});
