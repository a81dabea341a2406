import { expect } from 'chai';
import { createCounter } from '../../../src/platform/limits/counter.ts';
import { eventually } from '../../support/eventually.ts';

describe('counter', () => {
  it('reports when the limit is exceeded', async () => {
    const counter = createCounter('test', { requests: 2, windowSeconds: 60 });

    const outcomes = [await counter.count('one'), await counter.count('one'), await counter.count('one')];

    expect(outcomes.map(({ isBeyond }) => isBeyond)).to.deep.equal([false, false, true]);
    expect(outcomes.map(({ remaining }) => remaining)).to.deep.equal([1, 0, 0]);
  });

  it('frees a slot when a count is taken back', async () => {
    const counter = createCounter('test', { requests: 1, windowSeconds: 60 });
    const { undo } = await counter.count('one');

    await undo();

    expect((await counter.count('one')).isBeyond).to.equal(false);
  });

  it('ignores a count taken back after its window', async () => {
    const counter = createCounter('test', { requests: 1, windowSeconds: 1 });

    // Repeats if a busy machine missed the next window.
    const isRefused = await eventually('the second of a window is refused', async () => {
      const { undo } = await counter.count('one');
      await eventually('the next window begins', async () => !(await counter.count('one')).isBeyond);
      await undo();
      return (await counter.count('one')).isBeyond;
    });

    expect(isRefused).to.equal(true);
  });
});
