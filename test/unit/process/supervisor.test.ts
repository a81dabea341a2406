import { expect } from 'chai';
import { pauseAfter } from '../../../src/process/supervisor.ts';

describe('pauseAfter', () => {
  it('doubles from 0.1 s with each failure, up to 30 s', () => {
    expect([1, 2, 3, 4, 9, 10, 1000].map(pauseAfter)).to.deep.equal([100, 200, 400, 800, 25_600, 30_000, 30_000]);
  });
});
