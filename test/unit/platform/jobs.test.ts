import { expect } from 'chai';
import { pauseAfterAttempt } from '../../../src/platform/jobs/job.ts';

describe('the backoff after a failed attempt', () => {
  const longest = () => 1;
  const shortest = () => 0;

  it('doubles with each attempt, up to an hour', () => {
    const pauses = [1, 2, 3, 4, 10, 11, 12, 1000].map((attempt) => pauseAfterAttempt(attempt, longest));

    expect(pauses).to.deep.equal([5, 10, 20, 40, 2560, 3600, 3600, 3600]);
  });

  it("has up to 50 % jitter, so that jobs that failed together aren't retried together", () => {
    expect(pauseAfterAttempt(3, shortest)).to.equal(10);
    expect(pauseAfterAttempt(1000, shortest)).to.equal(1800);
    expect(new Set(Array.from({ length: 20 }, () => pauseAfterAttempt(5))).size).to.be.greaterThan(1);
  });

  it('spreads the default twelve attempts over about two hours', () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseAfterAttempt(index + 1, longest));

    expect(pauses.reduce((sum, pause) => sum + pause) / 3600).to.be.closeTo(2.4, 0.1);
  });
});
