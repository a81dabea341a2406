import type { Db } from '../database/database.ts';
import { fail, ok, warn, type Finding } from './findings.ts';

const noticeableMs = 1000;
const harmfulMs = 10_000;

/** Whether this machine and the database agree on the time: access tokens end by the one, sessions by the other. */
export async function checkClock(db: Db, now: () => number): Promise<Finding> {
  const before = now();
  const { rows } = await db.raw<{ rows: { ms: number }[] }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  const after = now();
  const differenceMs = Math.round((before + after) / 2 - (rows[0]?.ms ?? NaN));
  const uncertainMs = Math.ceil((after - before) / 2);
  const apart = Math.max(0, Math.abs(differenceMs) - uncertainMs);
  const reason = `this clock is ${Math.abs(differenceMs)} ms ${differenceMs < 0 ? 'behind' : 'ahead of'} the database's`;
  const remedy = 'let both machines follow the same time server (NTP)';
  if (apart > harmfulMs) return fail('clock', reason, remedy);
  if (apart > noticeableMs) return warn('clock', reason, remedy);
  return ok('clock', reason);
}
