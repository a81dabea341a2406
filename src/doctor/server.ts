import type { Config } from '../platform/config/config.ts';
import { primaryPoolMax, type Db } from '../platform/database/database.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

/** Facts about a PostgreSQL server, and about a session like those of Latchkey's pool. */
export interface Server {
  readonly version: string;
  /** Whether the session's role is a superuser. */
  readonly superuser: boolean;
  /** What tells which characters are letters (lc_ctype). */
  readonly ctype: string;
  /** Whether a pooler is in between, which keeps clients from setting timeouts. */
  readonly pooled: boolean;
  /** The timeouts that are not set. */
  readonly unset: readonly string[];
  /** How many connections the server, the role and the database allow. */
  readonly connections: number;
  /** How far this machine's clock is ahead of the server's, and how uncertain that is. */
  readonly aheadMs: number;
  readonly uncertainMs: number;
}

// Connections apart from those reserved for superusers and, since version 16, for a role; -1 means no limit.
const question = `
  select current_setting('server_version') as version,
    rolsuper as superuser,
    (select datctype from pg_database where datname = current_database()) as ctype,
    (select source <> 'client' from pg_settings where name = 'statement_timeout') as pooled,
    array(
      select name from pg_settings where setting = '0'
        and name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
    ) as unset,
    least(
      current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
      nullif(rolconnlimit, -1),
      (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
    ) as connections,
    extract(epoch from clock_timestamp())::float8 * 1000 as "serverMs"
  from pg_roles where rolname = current_user`;

/** Queries a server; `now` is this machine's clock, in milliseconds since 1970. */
export async function askServer(db: Db, now: () => number): Promise<Server> {
  await db.raw('select 1'); // connects before the clock is read
  const before = now();
  const { rows } = await db.raw<{ rows: [Omit<Server, 'aheadMs' | 'uncertainMs'> & { serverMs: number }] }>(question);
  const after = now();
  const [{ serverMs, ...server }] = rows;
  return {
    ...server,
    aheadMs: Math.round((before + after) / 2 - serverMs),
    uncertainMs: Math.ceil((after - before) / 2),
  };
}

/** Whether Latchkey runs on this server, and whether its sessions are as Latchkey needs them. */
export function checkServer(server: Server, database: Config['database'], workers: number): Finding[] {
  return [
    checkVersion(server.version),
    ...checkRole(server),
    ...checkLetters(server),
    ...checkTimeouts(server.unset),
    checkConnections(server, database.poolMax, workers),
    checkClock(server),
  ];
}

const newestVersion = 18;

function checkVersion(version: string): Finding {
  const major = parseInt(version, 10);
  const remedy = `use PostgreSQL 15 to ${newestVersion}`;
  if (major > newestVersion) return warn('database', `Latchkey is not tested on PostgreSQL ${version}`, remedy);
  return ok('database', `PostgreSQL ${version} answers`);
}

function checkRole({ superuser }: Server): Finding[] {
  if (!superuser) return [];
  return [
    warn(
      'database',
      'its role is a superuser',
      'give Latchkey a role of its own that owns its database and nothing else',
    ),
  ];
}

// pg_trgm finds no trigrams in other letters.
function checkLetters({ ctype }: Server): Finding[] {
  if (ctype !== 'C' && ctype !== 'POSIX') return [];
  const remedy = `move to a database created with: create database … lc_ctype 'C.UTF-8' template template0`;
  return [
    warn('database', `its lc_ctype is ${ctype}, so a search for other letters than ASCII reads all users`, remedy),
  ];
}

function checkTimeouts(unset: readonly string[]): Finding[] {
  if (unset.length === 0) return [ok('timeouts', 'statements, locks and idle transactions are bounded')];
  return unset.map((name) => {
    const remedy = `a pooler keeps Latchkey from setting it, so run: alter role … set ${name} = '10s'`;
    return fail('timeouts', `${name} is not set, so one slow statement can hold up all others`, remedy);
  });
}

// During an upgrade a second instance serves beside the first.
function checkConnections({ pooled, connections }: Server, poolMax: number, workers: number): Finding {
  // The primary of several workers has a pool too, for jobs.
  const needed = workers * poolMax + (workers > 1 ? primaryPoolMax : 0);
  const sum = workers > 1 ? ` (${workers} × ${poolMax} + ${primaryPoolMax})` : '';
  if (pooled) return ok('connections', `an instance opens up to ${needed}${sum} to a pooler, which limits its own`);
  const reason = `an instance opens up to ${needed}${sum} of ${connections}`;
  const remedy =
    'set a lower DATABASE_POOL_MAX or WORKERS, raise max_connections (or the connection limit of the role or ' +
    'database), or put PgBouncer in between';
  const instances = Math.floor(connections / needed);
  if (instances < 1) return fail('connections', reason, remedy);
  if (instances < 2) return warn('connections', `${reason}: no room for a second one during an upgrade`, remedy);
  return ok('connections', `${reason}: room for ${instances} instances`);
}

const noticeableMs = 1000;
const harmfulMs = 10_000;

// Access tokens expire by this machine's clock, sessions by the database's.
function checkClock({ aheadMs, uncertainMs }: Server): Finding {
  const apart = Math.abs(aheadMs) - uncertainMs;
  const reason = `this clock is ${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} the database's`;
  const remedy = 'let both machines follow the same time server (NTP)';
  if (apart > harmfulMs) return fail('clock', reason, remedy);
  if (apart > noticeableMs) return warn('clock', reason, remedy);
  return ok('clock', reason);
}
