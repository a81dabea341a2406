import { expect } from 'chai';
import { batch, share } from '../../../src/platform/database/batch.ts';
import { failureOf } from './failures.ts';

describe('batch', () => {
  /** Doubles numbers and records which were requested together. */
  function given() {
    const asked: number[][] = [];
    const double = batch(async (questions: readonly number[]) => {
      asked.push([...questions]);
      return questions.map((question) => question * 2);
    });
    return { asked, double };
  }

  it('runs one query for simultaneous requests', async () => {
    const { asked, double } = given();

    expect(await Promise.all([double(1), double(2), double(1)])).to.deep.equal([2, 4, 2]);
    expect(asked).to.deep.equal([[1, 2, 1]]);
  });

  it('caches nothing', async () => {
    const { asked, double } = given();
    await double(1);
    await double(1);

    expect(asked).to.deep.equal([[1], [1]]);
  });

  it('starts another query for requests that arrive while one runs', async () => {
    let answer = () => {};
    let queries = 0;
    const count = batch(async (questions: readonly string[]) => {
      const query = ++queries;
      if (query === 1) await new Promise<void>((resolve) => (answer = resolve));
      return questions.map(() => query);
    });

    const first = count('one');
    await new Promise((resolve) => setImmediate(resolve));
    const second = await count('one');
    answer();

    expect([await first, second]).to.deep.equal([1, 2]);
  });

  it('retries each request alone when one fails the whole batch', async () => {
    const asked: string[][] = [];
    const ask = async (questions: readonly string[]) => {
      asked.push([...questions]);
      if (questions.includes('bad')) throw new Error('deadlock');
      return questions.map((question) => question.toUpperCase());
    };
    const find = batch(ask, (error) => (error as Error).message === 'deadlock');

    const settled = await Promise.allSettled([find('one'), find('bad'), find('two')]);

    expect(settled.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[2]).to.have.property('value', 'TWO');
    expect(asked).to.deep.equal([['one', 'bad', 'two'], ['one'], ['bad'], ['two']]);
  });

  it('fails every request of the batch and none after it', async () => {
    let isAway = true;
    const find = batch(async (questions: readonly string[]) => {
      if (isAway) throw new Error('the database is away');
      return questions;
    });

    const failures = await Promise.all([failureOf(() => find('one')), failureOf(() => find('two'))]);
    isAway = false;

    const away = 'Error: the database is away';
    expect(failures.map(String)).to.deep.equal([away, away]);
    expect(await find('one')).to.equal('one');
  });
});

describe('share', () => {
  it('asks once for equal questions of one turn, and again in the next', async () => {
    const asked: string[] = [];
    const ask = share(
      async (question: string) => `${question} ${asked.push(question)}`,
      (question) => question.toLowerCase(),
    );

    const first = await Promise.all([ask('one'), ask('two'), ask('ONE')]);
    const second = await ask('one');

    expect(first).to.deep.equal(['one 1', 'two 2', 'one 1']);
    expect(second).to.equal('one 3');
  });

  it('asks after the last question, so that nobody gets an answer from before they asked', async () => {
    let value = 'old';
    const ask = share(
      async () => value,
      () => '',
    );

    const early = ask('');
    value = 'new';
    const late = ask('');

    expect(await Promise.all([early, late])).to.deep.equal(['new', 'new']);
  });

  it('fails for all who asked, and only for them', async () => {
    let failures = 1;
    const ask = share(
      async (question: string) => {
        if (failures-- > 0) throw new Error('gone');
        return question;
      },
      (question) => question,
    );

    const failed = await Promise.allSettled([ask('one'), ask('one')]);

    expect(failed.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await ask('one')).to.equal('one');
  });
});
