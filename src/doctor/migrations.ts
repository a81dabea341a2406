import type { MigrationState } from '../platform/database/migrations.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

/** Whether the migrations of this release are applied. */
export function checkMigrations(states: readonly MigrationState[]): Finding[] {
  const missing = states.filter(({ batch }) => batch === undefined).map(({ name }) => name);
  const foreign = states.filter(({ known }) => !known).map(({ name }) => name);
  const findings = [
    missing.length === 0
      ? ok('migrations', `all ${states.length} are applied`)
      : fail('migrations', `not applied: ${missing.join(', ')}`, 'run the command migrate'),
  ];
  if (foreign.length > 0) {
    const remedy = 'that is right during an upgrade or after a rollback; otherwise deploy the newer release';
    findings.push(warn('migrations', `a newer release applied ${foreign.join(', ')}`, remedy));
  }
  return findings;
}
