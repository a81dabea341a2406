/** The measured programs and what they share: a database, a secret and tokens. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.ts';
import { migrate } from '../../src/platform/database/migrations.ts';
import { freePort } from '../support/ports.ts';
import type { Load, Order, Outcome, Result } from './load.ts';

export const basePath = '/api/v1';
const root = path.join(import.meta.dirname, '..', '..');

/** A separate PostgreSQL with durable commits. */
export interface Bench {
  readonly folder: string;
  readonly variables: Record<string, string>;
  /** Sends a load from a separate process. Throws if any answer was not a success. */
  readonly measure: (load: Load) => Promise<Outcome>;
  /** The started programs; closing stops those still running. */
  readonly programs: Set<ChildProcess>;
  readonly stop: () => Promise<void>;
}

export interface Program {
  readonly origin: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startMs: number;
  readonly stop: () => Promise<void>;
}

/** Starts PostgreSQL in a temporary folder, migrates it and adds rows; 10,000 users, unless told how. */
export async function prepareBench(addRows = addUsers): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-bench-'));
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, 'postgres'),
    announce: () => {},
    whenInUse: 'refuse',
  });
  await migrate(postgres.url, 5000);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await addRows(client);
  await client.end();
  const variables = {
    NODE_ENV: 'production',
    DATABASE_URL: postgres.url,
    DATABASE_POOL_MAX: '10',
    JWT_SECRETS: 'f3Jk9sLq2vXw8zRb5tYn7mPc4hGd6aEu',
    SMTP_URL: 'off',
    ADMIN_EMAIL: 'bench@example.net',
    ADMIN_PASSWORD: 'violet lantern harbour',
    RATE_LIMIT_STANDARD: '900000000/60s',
    RATE_LIMIT_CREDENTIALS: '900000000/60s',
    WORKERS: '1',
    SHUTDOWN_DELAY_SECONDS: '0',
    LOG_LEVEL: 'info',
  };
  const loader = startLoader();
  const programs = new Set<ChildProcess>();
  const stop = async () => {
    await Promise.all([...programs, loader.child].map(end));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, variables, measure: loader.measure, programs, stop };
}

async function addUsers(client: pg.Client): Promise<void> {
  await client.query(
    `insert into users (id, email, full_name, role, password_hash)
     select gen_random_uuid(), 'person-' || n || '@example.com', 'Person ' || n, 'user', '' from generate_series(1, 10000) n`,
  );
  await client.query('vacuum analyze');
}

/** Options for starting a program. */
interface Start {
  /** Node options. */
  readonly options?: readonly string[];
  /** The project folder of the server. */
  readonly project?: string;
}

/** Starts the built server of a project folder like `npm start`, with its log in a file. */
export function startLatchkey(bench: Bench, { options = [], project = root }: Start = {}): Promise<Program> {
  const file = path.join(project, 'package.json');
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: { start: string } };
  const args = scripts.start.replace('exec node ', '').split(' ');
  return start([...options, ...args], bench, project);
}

export function startBaseline(bench: Bench, name: string, { options = [] }: Start = {}): Promise<Program> {
  const file = path.join(import.meta.dirname, 'baselines', `${name}.ts`);
  return start([...options, '--import', 'tsx', file], bench);
}

/** Starts a program that is no part of this project. */
export function startPeer(bench: Bench, file: string, variables: Record<string, string>): Promise<Program> {
  return start([file], { ...bench, variables: { ...bench.variables, ...variables } });
}

async function start(args: string[], bench: Bench, folder = root): Promise<Program> {
  const port = await freePort();
  const log = path.join(bench.folder, `${port}.log`);
  const output = openSync(log, 'a');
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...bench.variables, PORT: String(port) },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  bench.programs.add(child);
  const origin = `http://127.0.0.1:${port}`;
  while (!(await answers(origin))) {
    if (hasEnded(child)) throw new Error(`${args.join(' ')} ended:\n${readFileSync(log, 'utf8')}`);
    await pause(5);
  }
  const startMs = performance.now() - started;
  return { origin, child, startMs, stop: () => end(child) };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function answers(origin: string): Promise<boolean> {
  return fetch(`${origin}${basePath}/health`).then(
    () => true,
    () => false,
  );
}

/** Starts the process that sends loads. It keeps running, so that it is warm from the second load on. */
function startLoader(): { measure: Bench['measure']; child: ChildProcess } {
  const child = fork(path.join(import.meta.dirname, 'load.ts'), { execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, { resolve: (outcome: Outcome) => void; reject: (error: Error) => void }>();
  let orders = 0;
  child.on('message', ({ id, outcome, error }: Result) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (outcome) resolve(outcome);
    else reject(new Error(error));
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process that sends the load ended'));
  });
  return {
    child,
    async measure(load) {
      const order: Order = { id: orders++, load };
      const outcome = await new Promise<Outcome>((resolve, reject) => {
        waiting.set(order.id, { resolve, reject });
        child.send(order);
      });
      if (outcome.failed > 0) throw new Error(`${load.url}: ${outcome.failed} requests failed`);
      return outcome;
    },
  };
}
