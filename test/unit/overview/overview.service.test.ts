import { expect } from 'chai';
import type { Database } from '../../../src/platform/database/database.ts';
import { createOverviewService } from '../../../src/features/overview/overview.service.ts';

/** A service on which every count gives `count`, as far as it is to be counted. */
function given({ count }: { count: number }) {
  const asked: string[][] = [];
  const service = createOverviewService({
    database: {} as Database,
    users: {
      countByStatus: async ({ users, others }) => {
        return { total: Math.min(count, users), inactive: Math.min(count, others), deleted: 0 };
      },
    },
    sessions: { countActive: async (most) => Math.min(count, most) },
    audit: {
      async countByDay(types, days, most) {
        asked.push([...days]);
        return days.flatMap((day) => types.map((type) => ({ type, day, count: Math.min(count, most) })));
      },
    },
    jobs: { countJobs: async () => [] },
    mailJobs: new Set(),
  });
  return { service, asked };
}

describe('the overview', () => {
  it('counts days that are over once, and today again and again', async () => {
    const { service, asked } = given({ count: 1 });

    await service.read(new Date('2026-01-31T12:00:00Z'));
    const sameDay = await service.read(new Date('2026-01-31T23:59:00Z'));
    // An event of yesterday may still be committed.
    await service.read(new Date('2026-02-01T00:30:00Z'));
    await service.read(new Date('2026-02-01T01:00:00Z'));
    const nextDay = await service.read(new Date('2026-02-01T02:00:00Z'));

    expect(asked[0]).to.have.length(14).and.include.members(['2026-01-18', '2026-01-31']);
    const yesterday = ['2026-01-31', '2026-02-01'];
    expect(asked.slice(1)).to.deep.equal([['2026-01-31'], yesterday, yesterday, ['2026-02-01']]);
    expect(sameDay.days.map(({ date }) => date)).to.deep.equal(asked[0]);
    expect(nextDay.days.map(({ date }) => date)).to.deep.equal([...asked[0]!.slice(1), '2026-02-01']);
  });

  it('says where it stopped counting', async () => {
    const exact = await given({ count: 100_000 }).service.read();
    const { users, activeSessions, days } = await given({ count: 2_000_000 }).service.read();

    expect(exact.activeSessions).to.deep.equal({ count: 100_000, isExact: true });
    expect(users.total).to.deep.equal({ count: 1_000_000, isExact: false });
    for (const figure of [users.inactive, activeSessions, days[0]!.signIns])
      expect(figure).to.deep.equal({ count: 100_000, isExact: false });
  });
});
