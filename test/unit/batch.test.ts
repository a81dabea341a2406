import { expect } from 'chai';
import { batch } from '../../src/database/batch.ts';
import { failureOf } from './failures.ts';

describe('batch', () => {
  /** Doubles numbers; tells which it was asked for together. */
  function given() {
    const asked: number[][] = [];
    const double = batch(async (keys: readonly number[]) => {
      asked.push([...keys]);
      return new Map(keys.filter((key) => key > 0).map((key) => [key, key * 2]));
    });
    return { asked, double };
  }

  it('asks once for what is asked for at the same time', async () => {
    const { asked, double } = given();

    expect(await Promise.all([double(1), double(2), double(1)])).to.deep.equal([2, 4, 2]);
    expect(asked).to.deep.equal([[1, 2]]);
  });

  it('has no answer where there is none', async () => {
    const { double } = given();

    expect(await Promise.all([double(-1), double(1)])).to.deep.equal([undefined, 2]);
  });

  it('remembers nothing', async () => {
    const { asked, double } = given();
    await double(1);
    await double(1);

    expect(asked).to.deep.equal([[1], [1]]);
  });

  it('asks anew for what is asked for while a query is under way', async () => {
    let answer = () => {};
    let queries = 0;
    const count = batch(async (keys: readonly string[]) => {
      const query = ++queries;
      if (query === 1) await new Promise<void>((resolve) => (answer = resolve));
      return new Map(keys.map((key) => [key, query]));
    });

    const first = count('one');
    await new Promise((resolve) => setImmediate(resolve));
    const second = await count('one');
    answer();

    expect([await first, second]).to.deep.equal([1, 2]);
  });

  it('fails for all who asked, and for nobody after them', async () => {
    let isAway = true;
    const find = batch(async (keys: readonly string[]) => {
      if (isAway) throw new Error('the database is away');
      return new Map(keys.map((key) => [key, key]));
    });

    const failures = await Promise.all([failureOf(() => find('one')), failureOf(() => find('two'))]);
    isAway = false;

    const away = 'Error: the database is away';
    expect(failures.map(String)).to.deep.equal([away, away]);
    expect(await find('one')).to.equal('one');
  });
});
