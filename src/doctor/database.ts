import type { Secrets } from '../platform/config/secrets.ts';
import type { Config } from '../platform/config/config.ts';
import { openDatabase, type Database } from '../platform/database/database.ts';
import { reasonOf } from '../platform/database/errors.ts';
import { examineDatabase } from '../platform/database/requirements.ts';
import { randomBytes } from 'node:crypto';
import { createFeatures, gather, listOf, type Features } from '../features/features.ts';
import { jobIndexes } from '../platform/jobs/jobs.repository.ts';
import { createLog } from '../platform/log/log.ts';
import { createPlatform } from '../platform/platform.ts';
import { fail, type Finding } from '../platform/findings.ts';
import { checkIndexes } from './indexes.ts';
import { checkMigrations } from './migrations.ts';
import { askServer, checkServer } from './server.ts';
import { checkPreparedStatements } from './statements.ts';

/** All checks of the database. If it does not answer, that is the only finding. */
export async function checkDatabase(
  databaseUrl: string,
  config: Config,
  secrets: Pick<Secrets, 'jwtSecrets' | 'factorKeys'>,
): Promise<Finding[]> {
  const { database: bounds, workers } = config;
  const database = openDatabase(databaseUrl, { ...bounds, poolMax: 1 });
  const { pool } = database;
  const findings: Finding[] = [];
  try {
    const server = await askServer(pool, Date.now);
    findings.push(...checkServer(server, bounds, workers));
    if (server.pooled && bounds.preparedStatements) {
      findings.push(await checkPreparedStatements(databaseUrl, bounds.connectTimeoutMs));
    }
    const { unmet, states } = await examineDatabase(pool, { migrating: true });
    findings.push(...unmet.map(({ reason, remedy }) => fail('database', reason, remedy)));
    if (!states) return findings;
    findings.push(...checkMigrations(states));
    // Without its tables there is nothing more to check.
    if (unmet.length === 0 && states.every(({ batch }) => batch !== undefined)) {
      const features = featuresOn(database, config, secrets);
      findings.push(...(await checkIndexes(database, { ...gather(features, 'indexes'), ...jobIndexes })));
      for (const check of listOf(features, 'checks')) findings.push(await check(database));
    }
  } catch (error) {
    const reason = `the database can't be used (${reasonOf(error)})`;
    const remedy = 'check that it runs and has room, and host, port, name, user, password and sslmode in DATABASE_URL';
    findings.push(fail('database', reason, remedy));
  } finally {
    await database.close();
  }
  return findings;
}

// What is written here is rolled back, so where there is no secret, any will do.
function featuresOn(
  database: Database,
  config: Config,
  { jwtSecrets: given, factorKeys }: Pick<Secrets, 'jwtSecrets' | 'factorKeys'>,
): Features {
  const jwtSecrets = given.length > 0 ? given : [randomBytes(32).toString('base64')];
  const secrets = { jwtSecrets, factorKeys, signingKeys: [], smtpUrl: undefined };
  const log = createLog({ level: 'silent', format: 'json' });
  const stopping = new AbortController().signal;
  return createFeatures(createPlatform({ config, database, log, stopping, ...secrets }));
}
