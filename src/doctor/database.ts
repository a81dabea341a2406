import type { Config } from '../config/config.ts';
import { openDatabase, type Db } from '../database/database.ts';
import { hasAdmin } from '../users/users.repository.ts';
import { checkClock } from './clock.ts';
import { checkConnections } from './connections.ts';
import { fail, ok, warn, type Finding } from './findings.ts';
import { checkIndexes } from './indexes.ts';
import { checkMigrations } from './migrations.ts';
import { checkStatements } from './statements.ts';
import { checkTimeouts } from './timeouts.ts';

const oldestVersion = 15;
const newestVersion = 18;

/** All that is asked of the database itself. One that does not answer is one finding. */
export async function checkDatabase(databaseUrl: string, config: Config, now: () => number): Promise<Finding[]> {
  const database = openDatabase(databaseUrl, { ...config.database, poolMax: 1 });
  const { pool } = database;
  const findings: Finding[] = [];
  try {
    findings.push(
      ...(await checkServer(pool)),
      ...(await checkTimeouts(pool)),
      ...(await checkStatements(databaseUrl, config.database)),
      await checkConnections(pool, config),
      await checkClock(pool, now),
    );
    const { findings: ofMigrations, complete } = await checkMigrations(pool, config.database.migrateAtStart);
    findings.push(...ofMigrations);
    // Without its tables there is nothing more to look at.
    if (complete) findings.push(...(await checkIndexes(databaseUrl, pool)), await checkAdministrator(pool));
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    const reason = `the database can't be used (${[message, code].find(Boolean) ?? 'no answer'})`;
    findings.push(
      fail('database', reason, 'check that it runs, and host, port, user, password and sslmode in DATABASE_URL'),
    );
  } finally {
    await database.close();
  }
  return findings;
}

async function checkServer(db: Db): Promise<Finding[]> {
  const { rows } = await db.raw<{ rows: { version: string; superuser: boolean; recovery: boolean }[] }>(`
    select current_setting('server_version') as version, rolsuper as superuser, pg_is_in_recovery() as recovery
    from pg_roles where rolname = current_user`);
  const { version = '', superuser, recovery } = rows[0] ?? {};
  const findings = [checkVersion(version)];
  if (recovery) {
    findings.push(fail('database', 'it is a standby, which only reads', 'let DATABASE_URL name the primary'));
  }
  if (superuser) {
    const remedy = 'give Latchkey a role of its own that owns its database and nothing else';
    findings.push(warn('database', 'its role is a superuser', remedy));
  }
  return findings;
}

function checkVersion(version: string): Finding {
  const major = parseInt(version, 10);
  const supported = `PostgreSQL ${oldestVersion} to ${newestVersion}`;
  if (major < oldestVersion) return fail('database', `PostgreSQL ${version} is too old`, `use ${supported}`);
  if (major > newestVersion)
    return warn('database', `Latchkey is not tested on PostgreSQL ${version}`, `use ${supported}`);
  return ok('database', `PostgreSQL ${version} answers`);
}

async function checkAdministrator(db: Db): Promise<Finding> {
  if (await hasAdmin(db)) return ok('administrator', 'there is an active one');
  return warn('administrator', 'there is none', 'make one with the command admin create');
}
