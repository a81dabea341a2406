import { expect } from 'chai';
import { backoffMs } from '../../../src/process/supervisor.ts';

describe('backoffMs', () => {
  it('doubles from 0.1 s with each failure, up to 30 s', () => {
    expect([1, 2, 3, 4, 9, 10, 1000].map(backoffMs)).to.deep.equal([100, 200, 400, 800, 25_600, 30_000, 30_000]);
  });
});
