import type { Config } from '../platform/config/config.ts';
import { openDatabase } from '../platform/database/database.ts';
import { reasonOf } from '../platform/database/errors.ts';
import { examineDatabase } from '../platform/database/requirements.ts';
import { hasAdmin } from '../features/users/users.repository.ts';
import { fail, type Finding } from './findings.ts';
import { checkIndexes } from './indexes.ts';
import { checkAdministrator, checkMigrations } from './schema.ts';
import { askServer, checkServer } from './server.ts';
import { checkPreparedStatements } from './statements.ts';
import { checkWriting } from './writing.ts';

/** All that is asked of the database itself. One that does not answer is one finding. */
export async function checkDatabase(
  databaseUrl: string,
  config: Config['database'],
  workers: number,
): Promise<Finding[]> {
  const database = openDatabase(databaseUrl, { ...config, poolMax: 1 });
  const { pool } = database;
  const findings: Finding[] = [];
  try {
    const server = await askServer(pool, Date.now);
    findings.push(...checkServer(server, config, workers));
    if (server.pooled && config.preparedStatements) {
      findings.push(await checkPreparedStatements(databaseUrl, config.connectTimeoutMs));
    }
    const { lacks, states } = await examineDatabase(pool, { migrating: true });
    findings.push(...lacks.map(({ reason, remedy }) => fail('database', reason, remedy)));
    if (!states) return findings;
    findings.push(...checkMigrations(states));
    // Without its tables there is nothing more to look at.
    if (lacks.length === 0 && states.every(({ batch }) => batch !== undefined)) {
      findings.push(await checkWriting(database), ...(await checkIndexes(database)));
      findings.push(checkAdministrator(await hasAdmin(pool)));
    }
  } catch (error) {
    const reason = `the database can't be used (${reasonOf(error)})`;
    const remedy = 'check that it runs and has room, and host, port, user, password and sslmode in DATABASE_URL';
    findings.push(fail('database', reason, remedy));
  } finally {
    await database.close();
  }
  return findings;
}
