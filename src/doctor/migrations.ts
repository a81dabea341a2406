import type { Db } from '../database/database.ts';
import { migrationStates } from '../database/migrations.ts';
import { fail, ok, warn, type Finding } from './findings.ts';

/** Whether the database has what this release needs; `complete` tells. */
export async function checkMigrations(
  db: Db,
  migrateAtStart: boolean,
): Promise<{ findings: Finding[]; complete: boolean }> {
  const states = await migrationStates(db);
  const missing = states.filter(({ batch }) => batch === undefined).map(({ name }) => name);
  const foreign = states.filter(({ known }) => !known).map(({ name }) => name);
  const complete = missing.length === 0;
  const findings = [
    complete ? ok('migrations', `all ${states.length} are applied`) : describeMissing(missing, migrateAtStart),
  ];
  if (foreign.length > 0) {
    const remedy = 'that is right during an upgrade or after a rollback; otherwise deploy the newer release';
    findings.push(warn('migrations', `a newer release applied ${foreign.join(', ')}`, remedy));
  }
  return { findings, complete };
}

function describeMissing(missing: string[], migrateAtStart: boolean): Finding {
  const reason = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`;
  if (!migrateAtStart) return fail('migrations', reason, 'run the command migrate');
  return warn(
    'migrations',
    `${reason}, and the first server that starts applies them`,
    'run the command migrate before',
  );
}
