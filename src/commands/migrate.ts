import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../platform/config/config.ts';
import { findProject } from '../platform/project.ts';
import { openDatabase } from '../platform/database/database.ts';
import { migrate, type MigrationState } from '../platform/database/migrations.ts';
import { lastBatch, refuseRollback, rollBack, type Loss, type Rollback } from '../platform/database/rollback.ts';
import { grantRuntimeRole } from '../platform/database/runtime-role.ts';
import { describeSchema } from '../platform/database/schema.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.ts';
import { readArguments } from '../process/arguments.ts';
import { provideDatabase } from '../process/command-database.ts';
import { confirm } from '../process/confirmation.ts';
import { loadEnvironment } from '../process/environment.ts';
import { requireFit } from '../process/schema.ts';

interface Options {
  readonly yes: boolean;
  readonly dropAllData: boolean;
}

type Say = (message: string) => void;
type Action = (databaseUrl: string, config: Config['database'], say: Say, options: Options) => Promise<void>;

const actions: Record<'up' | 'rollback' | 'status', Action> = {
  async up(url, config, say) {
    await requireFit(url, config, { migrating: true });
    const applied = await migrate(url, config.connectTimeoutMs, { say });
    say(applied.length === 0 ? 'nothing to migrate' : `${applied.length} applied`);
    const { runtimeRole, connectTimeoutMs } = config;
    if (runtimeRole !== undefined) await grantRuntimeRole(url, connectTimeoutMs, runtimeRole, say);
  },
  async rollback(url, config, say, { yes, dropAllData }) {
    await requireFit(url, config, { migrating: false });
    const preview = async (rollback: Rollback) => {
      for (const line of describeRollback(rollback)) say(line);
      if (!yes) await confirm('Roll back? Type yes: ', 'nothing was rolled back');
    };
    const rolledBack = await rollBack(url, config.connectTimeoutMs, { say, dropAllData, preview });
    say(rolledBack.length === 0 ? 'nothing to roll back' : `${rolledBack.length} rolled back`);
  },
  async status(url, config, say) {
    const report = (states: readonly MigrationState[]) => {
      for (const state of states) say(describeState(state));
      if (states.length > 0) say(describeNext(states));
    };
    await requireFit(url, config, { migrating: true, report });
  },
};

/**
 * `migrate` applies the pending migrations as one batch; `migrate rollback`, once confirmed, rolls back the last batch of this release;
 * `migrate status` lists them; `migrate schema` writes migrations/schema.sql.
 */
export async function runMigrate(args: string[]): Promise<void> {
  const say = (message: string) => process.stdout.write(`${message}\n`);
  const { action, options } = readAction(args);
  if (action === 'schema') return writeSchema(say);
  const { config, secrets } = loadEnvironment();
  const database = await provideDatabase(config, secrets, 'visit', say);
  try {
    await actions[action](database.url, config.database, say, options);
  } finally {
    await database.stop();
  }
}

// From a fresh database, which contains nothing but what the migrations create.
async function writeSchema(say: Say): Promise<void> {
  const file = path.join(findProject().root, 'migrations', 'schema.sql');
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-schema-'));
  try {
    const server = await startEmbeddedPostgres({ directory, announce: () => {}, whenInUse: 'refuse' });
    const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };
    const database = openDatabase(server.url, bounds);
    try {
      await migrate(server.url, bounds.connectTimeoutMs);
      await writeFile(file, await describeSchema(database.pool));
    } finally {
      await database.close();
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  say(`wrote ${path.relative(process.cwd(), file)}`);
}

function readAction(args: string[]): { action: keyof typeof actions | 'schema'; options: Options } {
  const { values, positionals } = readArguments('migrate', args, {
    yes: { type: 'boolean' },
    'drop-all-data': { type: 'boolean' },
  });
  const [action = 'up'] = positionals as (keyof typeof actions | 'schema')[];
  return { action, options: { yes: values.yes ?? false, dropAllData: values['drop-all-data'] ?? false } };
}

function describeState({ name, batch, release, known }: MigrationState): string {
  if (batch === undefined) return `missing  ${name}`;
  const applier = release ? `, by release ${release}` : '';
  return `applied  ${name} (batch ${batch}${applier}${known ? '' : ', of another release'})`;
}

function describeNext(states: readonly MigrationState[]): string {
  const names = lastBatch(states).map(({ name }) => name);
  if (names.length === 0) return 'nothing to roll back';
  const refusal = refuseRollback(states, findProject().version, false);
  return refusal === undefined ? `rollback would undo ${names.join(', ')}` : `can't roll back: ${refusal}`;
}

function describeRollback({ migrations, losses, unforeseen }: Rollback): string[] {
  return [
    `undoes ${migrations.join(', ')}`,
    ...losses.map(describeLoss),
    ...(losses.length === 0 ? ['loses  no data'] : []),
    ...unforeseen.map((name) => `loses  whatever ${name} drops; it runs outside a transaction, so read its file`),
  ];
}

function describeLoss({ table, column, rows }: Loss): string {
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return column === undefined
    ? `loses  table ${table}: ${count}`
    : `loses  column ${table}.${column}: ${count} with a value`;
}
