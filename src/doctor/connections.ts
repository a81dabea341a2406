import type { Config } from '../config/config.ts';
import type { Db } from '../database/database.ts';
import { fail, ok, warn, type Finding } from './findings.ts';

/** Whether the server allows what the pools of all processes may open, and those of a second instance during an upgrade. */
export async function checkConnections(db: Db, { workers, database }: Config): Promise<Finding> {
  // The primary of several workers has a pool too; it only deletes what expired.
  const needed = workers * database.poolMax + (workers > 1 ? 1 : 0);
  const allowed = await allowedConnections(db);
  const instances = Math.floor(allowed / needed);
  const reason = `an instance opens up to ${needed} (${workers} × ${database.poolMax}${workers > 1 ? ' + 1' : ''}) of ${allowed} connections`;
  const remedy = 'set a lower DATABASE_POOL_MAX or WORKERS, raise max_connections, or put PgBouncer in between';
  if (instances < 1) return fail('connections', reason, remedy);
  if (instances < 2)
    return warn('connections', `${reason}, so that a second one has no room during an upgrade`, remedy);
  return ok('connections', `${reason}: room for ${instances} instances`);
}

// Without what is kept for superusers (and, from version 16 on, for a role), and within the bounds of role and database.
async function allowedConnections(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { allowed: number }[] }>(`
    select least(
      current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
      (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user),
      (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
    ) as allowed`);
  return rows[0]?.allowed ?? 0;
}
