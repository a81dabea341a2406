import { expect } from 'chai';
import { pauseAfterAttempt } from '../../../src/platform/jobs/job.ts';

describe('the pause after a failed attempt', () => {
  const longest = () => 1;
  const shortest = () => 0;

  it('is doubled with each attempt, up to an hour', () => {
    const pauses = [1, 2, 3, 4, 10, 11, 12, 1000].map((attempt) => pauseAfterAttempt(attempt, longest));

    expect(pauses).to.deep.equal([5, 10, 20, 40, 2560, 3600, 3600, 3600]);
  });

  it('is shorter by up to half, so that jobs that failed together are not tried together', () => {
    expect(pauseAfterAttempt(3, shortest)).to.equal(10);
    expect(pauseAfterAttempt(1000, shortest)).to.equal(1800);
    expect(new Set(Array.from({ length: 20 }, () => pauseAfterAttempt(5))).size).to.be.greaterThan(1);
  });

  it('lets the usual twelve attempts take about two hours', () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseAfterAttempt(index + 1, longest));

    expect(pauses.reduce((sum, pause) => sum + pause) / 3600).to.be.closeTo(2.4, 0.1);
  });
});
