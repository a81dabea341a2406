import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Db } from '../../../src/platform/database/database.ts';
import { createHealthService } from '../../../src/features/health/health.service.ts';
import { refusalOf } from '../platform/failures.ts';

const folder = path.join(import.meta.dirname, '..', '..', '..', 'migrations');
const migrations = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));

/** A pool whose database has these migrations; without any, it lacks their table. */
function poolWith(applied: string[], writing: () => Promise<unknown> = async () => ({ rows: [] })): Db {
  const rows = applied.map((name) => ({ name, batch: 1 }));
  const table = () => ({ select: () => ({ orderBy: async () => rows }) });
  const raw = async (question: string) =>
    question.includes('for update') ? writing() : { rows: [{ exists: applied.length > 0 }] };
  return Object.assign(table, { raw }) as unknown as Db;
}

const given = (pool: Db, stopping = false) =>
  createHealthService({ database: { pool }, stopping: stopping ? AbortSignal.abort() : new AbortController().signal });

describe('health service', () => {
  it('is ready with every migration', async () => {
    await given(poolWith(migrations)).checkReadiness();
  });

  it('is ready with migrations of a newer release', async () => {
    await given(poolWith([...migrations, '29990101000000_newer'])).checkReadiness();
  });

  const away = Object.assign(poolWith([]), { raw: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')) });
  const readOnly = poolWith(migrations, () => Promise.reject(Object.assign(new Error('read-only'), { code: '25006' })));
  const troubles: [string, Db, boolean, string][] = [
    ['without migrations', poolWith([]), false, 'Not ready: the database lacks migrations.'],
    [
      'without one migration',
      poolWith([...migrations.slice(1), 'another']),
      false,
      'Not ready: the database lacks migrations.',
    ],
    ['while the database is away', away, false, 'Not ready: the database does not answer.'],
    ['while it only reads', readOnly, false, "Not ready: the database can't be written to."],
    ['while it stops', poolWith(migrations), true, 'Not ready: the server is stopping.'],
  ];
  for (const [when, pool, stopping, detail] of troubles) {
    it(`is not ready ${when}, and says why and when to retry`, async () => {
      const refusal = await refusalOf(() => given(pool, stopping).checkReadiness());

      expect(refusal).to.include({ code: 'not_ready', detail, retryAfterSeconds: 5 });
    });
  }

  it('keeps the cause for the log', async () => {
    const refusal = await refusalOf(() => given(away).checkReadiness());

    expect(refusal.cause).to.be.instanceOf(Error).with.property('message', 'connect ECONNREFUSED 10.0.0.1');
  });
});
