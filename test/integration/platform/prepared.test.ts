/** Prepared statements, which are planned and described once for each connection. */
import type { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { prepare } from '../../../src/platform/database/prepared.ts';
import { useDatabase } from '../../support/database.ts';

describe('prepared statements', () => {
  const own = useDatabase();
  const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 60_000 };
  let database: Database;
  let described: number;

  beforeEach(() => {
    described = 0;
    database = openDatabase(own.url, bounds, (connection) => {
      const { connection: protocol } = connection as unknown as { connection: EventEmitter };
      protocol.on('rowDescription', () => described++);
    });
  });
  afterEach(() => database.close());

  it('give the same rows each time, but are described once', async () => {
    const select = prepare(
      `select $1::int as number, $2::text[] as list, null as nothing, '\\x01ff'::bytea as bytes,
        timestamptz '2026-11-26 09:05:03.123456Z' as time`,
    );
    const expected = (number: number) => [
      {
        number,
        list: ['a', 'b "c"'],
        nothing: null,
        bytes: Buffer.from([1, 255]),
        time: new Date('2026-11-26T09:05:03.123Z'),
      },
    ];

    for (const number of [1, 2, 3]) {
      expect(await select(database.pool, number, ['a', 'b "c"'])).to.deep.equal(expected(number));
    }

    expect(described).to.equal(1);
  });

  it('give no rows, or many', async () => {
    const series = prepare<{ n: number }>('select n from generate_series(1, $1) n');

    for (const count of [0, 3, 0, 1]) expect(await series(database.pool, count)).to.have.length(count);
  });

  it('that return nothing can run again', async () => {
    await database.pool.raw('create table things (n int)');
    const insert = prepare('insert into things values ($1)');

    for (const n of [1, 2, 3]) expect(await insert(database.pool, n)).to.deep.equal([]);

    expect(await database.pool('things').select('n')).to.have.length(3);
  });

  it('can run again after a failure, whose stack names who asked', async () => {
    const cast = prepare<{ number: number }>('select $1::text::int as number');
    const whoAsked = async (text: string) => await cast(database.pool, text);

    expect(await whoAsked('1')).to.deep.equal([{ number: 1 }]);
    const error = await whoAsked('none').catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', '22P02');
    expect((error as Error).stack).to.include('whoAsked');
    expect(await whoAsked('2')).to.deep.equal([{ number: 2 }]);
  });
});
