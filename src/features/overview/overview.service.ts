import type { Database } from '../../platform/database/database.ts';
import type { JobCounts, JobQueue } from '../../platform/jobs/queue.ts';
import { boundCount } from '../../platform/lists/bounded-count.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { UserListsService } from '../users/users.lists.service.ts';
import { dailyFigures, type DayFigures, type Overview } from './overview.ts';

export interface OverviewServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly users: Pick<UserListsService, 'countByStatus'>;
  readonly sessions: Pick<SessionsService, 'countActive'>;
  readonly audit: Pick<AuditService, 'countByDay'>;
  readonly jobs: Pick<JobQueue, 'countJobs'>;
  /** The names of the jobs that send mails. */
  readonly mailJobs: ReadonlySet<string>;
}

/** Figures of everything, for whoever looks after the service. */
export function createOverviewService({ database, users, sessions, audit, jobs, mailJobs }: OverviewServiceParts) {
  const bounded = (counted: number) => boundCount(counted, mostCounted);

  // They don't change: events are never changed, and not deleted for 30 days. Counting them anew would be most of the work.
  const finished = new Map<string, DayFigures>();

  async function readDays(asOf: Date): Promise<DayFigures[]> {
    const dates = lastDates(asOf);
    const known = new Map(finished);
    for (const day of await countDays(dates.filter((date) => !known.has(date)))) known.set(day.date, day);
    const days = dates.flatMap((date) => known.get(date) ?? []);
    finished.clear();
    for (const day of days) if (isFinished(day.date, asOf)) finished.set(day.date, day);
    return days;
  }

  async function countDays(dates: readonly string[]): Promise<DayFigures[]> {
    const counts = await audit.countByDay(Object.values(dailyFigures), dates, mostCounted + 1);
    const numbers = new Map(counts.map(({ day, type, count }) => [`${day} ${type}`, count]));
    const figure = (date: string, type: string) => bounded(numbers.get(`${date} ${type}`) ?? 0);
    return dates.map((date) => ({
      date,
      registrations: figure(date, dailyFigures.registrations),
      signIns: figure(date, dailyFigures.signIns),
      failedSignIns: figure(date, dailyFigures.failedSignIns),
      passwordResets: figure(date, dailyFigures.passwordResets),
    }));
  }

  function sumUp(counts: readonly JobCounts[], asOf: Date): Overview['jobs'] {
    const sum = (of: readonly JobCounts[], part: 'waiting' | 'retrying' | 'dead') =>
      of.reduce((total, each) => total + each[part], 0);
    const due = sum(counts, 'waiting');
    const age = Math.max(0, ...counts.map(({ oldestAgeSeconds }) => oldestAgeSeconds));
    return {
      due,
      dueSince: due > 0 ? new Date(asOf.getTime() - age * 1000) : undefined,
      retrying: sum(counts, 'retrying'),
      dead: sum(counts, 'dead'),
      deadMails: sum(
        counts.filter(({ name }) => mailJobs.has(name)),
        'dead',
      ),
    };
  }

  return {
    async read(asOf = new Date()): Promise<Overview> {
      const [{ total, inactive, deleted }, active, days, counts] = await Promise.all([
        users.countByStatus({ users: mostUsers + 1, others: mostCounted + 1 }),
        sessions.countActive(mostCounted + 1),
        readDays(asOf),
        jobs.countJobs(database.pool),
      ]);
      return {
        asOf,
        users: { total: boundCount(total, mostUsers), inactive: bounded(inactive), deleted: bounded(deleted) },
        activeSessions: bounded(active),
        days,
        jobs: sumUp(counts, asOf),
      };
    },
  };
}

// However much there is, no figure takes longer to count than this. Users are counted in an index alone, which is quick.
const mostUsers = 1_000_000;
const mostCounted = 100_000;

const daysShown = 14;
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** Whether no event of a day can come any more: one is dated when its transaction begins. */
const isFinished = (date: string, now: Date) => Date.parse(date) + dayMs + hourMs <= now.getTime();

/** The days in UTC up to today, such as `2026-01-15`, the oldest first. */
function lastDates(now: Date): string[] {
  return Array.from({ length: daysShown }, (_, index) => {
    const day = new Date(now.getTime() - (daysShown - 1 - index) * dayMs);
    return day.toISOString().slice(0, 10);
  });
}
