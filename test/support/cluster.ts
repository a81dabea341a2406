/** Latchkey on more than one machine: instances behind a load balancer, on a PostgreSQL with a streaming standby, through PgBouncer. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { migrate } from '../../src/platform/database/migrations.ts';
import { grantRuntimeRole } from '../../src/platform/database/runtime-role.ts';
import { testEnvironment } from './app.ts';
import { query } from './embedded-postgres.ts';
import { eventually } from './eventually.ts';
import { makeFragilePostgres, makeStandby, type FragilePostgres } from './fragile-postgres.ts';
import { keepsStatements, pgBouncerVersion, startPgBouncer, type Configure } from './pgbouncer.ts';
import { freePort } from './ports.ts';
import { startServer, type RunningServer } from './process.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { blocksOf, blockWith } from './readme-blocks.ts';

const page = path.resolve('docker', 'README.md');
const role = 'latchkey_app';
const password = randomBytes(16).toString('hex');

export interface Cluster {
  /** Where clients send requests; it trusts the X-Forwarded-For that they send. */
  readonly proxy: Proxy;
  readonly instances: readonly Instance[];
  readonly primary: FragilePostgres;
  readonly standby: FragilePostgres;
  /** Asks the database of the primary, or of the standby, as its superuser. */
  ask(statement: string, server?: FragilePostgres): Promise<Record<string, unknown>[]>;
  /** Makes the standby the primary, and points PgBouncer at it. */
  failOver(): Promise<void>;
}

/** A server of its own, which can be restarted at the same address. */
export interface Instance {
  readonly origin: string;
  /** How often it has logged a message since it was started. */
  timesLogged(message: string): number;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ClusterOptions {
  readonly instances: number;
  /** Whether a commit waits until the standby has it. */
  readonly synchronous: boolean;
  /** More variables of the instances; called after everything else runs. */
  readonly variables?: () => Record<string, string>;
}

/** Runs a cluster for the suite, or skips it with a message. */
export function useCluster(options: ClusterOptions): Cluster {
  let cluster: Omit<Cluster, 'ask'>;
  const ends: (() => Promise<void>)[] = [];

  before('start a cluster', async function () {
    if (pgBouncerVersion === undefined) {
      process.stdout.write('  no pgbouncer on the PATH: skipped what needs a cluster\n');
      this.skip();
    }
    cluster = await startCluster(options, (end) => void ends.push(end));
  });
  after('stop it', async () => {
    for (const end of ends.reverse()) await end();
  });

  return {
    get proxy() {
      return cluster.proxy;
    },
    get instances() {
      return cluster.instances;
    },
    get primary() {
      return cluster.primary;
    },
    get standby() {
      return cluster.standby;
    },
    ask: (statement, server = cluster.primary) => query(databaseOf(server), statement),
    failOver: () => cluster.failOver(),
  };
}

async function startCluster(
  { instances: count, synchronous, variables }: ClusterOptions,
  onEnd: (end: () => Promise<void>) => void,
): Promise<Omit<Cluster, 'ask'>> {
  const primary = await makeFragilePostgres({ wal_keep_size: '256MB' });
  const standby = await makeStandby(primary);
  onEnd(() => primary.remove());
  onEnd(() => standby.remove());
  await primary.start();
  await standby.start();
  await prepareDatabase(primary);
  if (synchronous) await waitForStandby(primary);

  const bouncer = await startPgBouncer(runtimeUrl(primary), configureBouncer);
  onEnd(() => bouncer.stop());
  const environment = {
    ...testEnvironment(bouncer.through(runtimeUrl(primary))),
    LOG_LEVEL: 'info',
    MIGRATE_AT_START: 'off',
    DATABASE_PREPARED_STATEMENTS: keepsStatements ? 'on' : 'off',
    TRUST_PROXY: '1',
    ...variables?.(),
  };
  const instances = await Promise.all(
    Array.from({ length: count }, async () => instanceOf({ ...environment, PORT: String(await freePort()) })),
  );
  for (const instance of instances) onEnd(() => instance.stop('SIGKILL'));
  await Promise.all(instances.map((instance) => instance.start()));
  const proxy = await startProxy(instances.map(({ origin }) => origin));
  onEnd(() => proxy.stop());
  return {
    proxy,
    instances,
    primary,
    standby,
    async failOver() {
      await query(standby.url, 'select pg_promote()');
      await bouncer.pointAt(runtimeUrl(standby));
    },
  };
}

const databaseOf = ({ url }: FragilePostgres) => Object.assign(new URL(url), { pathname: '/latchkey' }).href;
const runtimeUrl = (server: FragilePostgres) =>
  Object.assign(new URL(databaseOf(server)), { username: role, password }).href;

async function prepareDatabase(primary: FragilePostgres): Promise<void> {
  await query(primary.url, `create role ${role} login password '${password}'`);
  await query(primary.url, 'create database latchkey');
  await migrate(databaseOf(primary), 5000);
  await grantRuntimeRole(databaseOf(primary), 5000, role, () => {});
  await query(primary.url, await blockWith(page, 'sql', `alter role ${role} set`));
}

/** Lets commits wait for the standby, as the page has it. */
async function waitForStandby(primary: FragilePostgres): Promise<void> {
  // Not in one transaction.
  const statements = (await blockWith(page, 'sql', 'synchronous_standby_names'))
    .split(';')
    .filter((each) => each.trim());
  for (const statement of statements) await query(primary.url, statement);
  await eventually('commits wait for the standby', async () => {
    const [standby] = await query(primary.url, 'select sync_state from pg_stat_replication');
    return standby?.['sync_state'] === 'sync';
  });
}

/** The file of the page, with the addresses of the test. */
const configureBouncer: Configure = async (server, { port, directory }) => {
  const users = path.join(directory, 'userlist.txt');
  await writeFile(users, `"${role}" "${password}"\n`);
  const [file = ''] = (await blocksOf(page, 'ini')).filter((block) => block.includes('[pgbouncer]'));
  return file
    .replace(/host=\S+ port=\d+/, `host=${server.hostname} port=${server.port}`)
    .replace(/^listen_addr = .*$/m, 'listen_addr = 127.0.0.1\nunix_socket_dir =')
    .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
    .replace(/^auth_file = .*$/m, `auth_file = ${users}`)
    .replace(/^; (max_prepared_statements = \d+).*$/m, keepsStatements ? '$1' : '');
};

function instanceOf(variables: Record<string, string>): Instance {
  let server: RunningServer | undefined;
  return {
    origin: `http://127.0.0.1:${variables['PORT']}`,
    timesLogged: (message) => server!.log().filter(({ msg }) => msg === message).length,
    async start() {
      server = await startServer(variables);
    },
    async stop(signal) {
      if (server?.child.exitCode === null && server.child.signalCode === null) await server.stop(signal);
    },
  };
}
