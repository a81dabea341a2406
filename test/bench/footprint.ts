/**
 * `npm run bench:footprint`: how much room users, sessions and audit events take, and what requests write; `--users N` for another number
 * than 100,000. Figures are per row and per request, so they scale.
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readSuperuserPassword, superuser } from '../../src/platform/embedded-postgres/data.ts';
import { registerPeople } from './people.ts';
import { describeMachine, formatTable } from './report.ts';
import { basePath, prepareBench, startLatchkey, type Bench, type Program } from './service.ts';
import { credentialsOf, pickSessions } from './sessions.ts';

const { values: options } = parseArgs({ options: { users: { type: 'string', default: '100000' } } });
const users = Number(options.users);
if (!Number.isInteger(users) || users < 1000) throw new Error('--users takes a whole number of at least 1000');
const times = 300; // each operation, in each of two ways
const atOnce = 8;
const headers = {
  'Content-Type': 'application/json',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};
// As long as a real one.
const aHash = `$2b$12$${'a'.repeat(53)}`;
const tables = ['users', 'sessions', 'audit_events', 'jobs', 'guess_counts', 'idempotency_keys'];

const roomHead = ['a million rows of', 'table', 'indexes', 'together', 'largest indexes'];
const writesHead = ['one', 'commits', 'rows written', 'of updates, HOT', 'WAL', 'WAL right after a checkpoint'];

const began = performance.now();
const say = (text: string) => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
};

say(`a PostgreSQL with ${users.toLocaleString('en')} users`);
const bench = await prepareBench((client) => registerPeople(client, users, aHash));
// Hashing writes nothing, so it may be cheap here.
Object.assign(bench.variables, { NODE_ENV: 'test', BCRYPT_COST: '4', DATA_DIR: bench.folder });
const admin = await connectAsSuperuser(bench);
try {
  const server = await startLatchkey(bench);
  say('a session and an event for each of them');
  await fillTables(server);
  const rooms = [await roomOf('users'), await roomOf('sessions'), await roomOf('audit_events')];
  const writes = await writesOfAll(server);
  const machine = Object.entries(describeMachine()).map(([name, value]) => `${name} ${value}`);
  const lines = [
    machine.join(', '),
    '',
    ...formatTable([roomHead, ...rooms]),
    '',
    ...formatTable([writesHead, ...writes]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await admin.end();
  await bench.stop();
}

async function connectAsSuperuser({ folder, variables }: Bench): Promise<pg.Client> {
  const password = await readSuperuserPassword(path.join(folder, 'postgres', 'data'));
  const url = Object.assign(new URL(variables['DATABASE_URL']!), { username: superuser, password });
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  // It would write at times of its own.
  await client.query('alter system set autovacuum = off');
  await client.query('select pg_reload_conf()');
  return client;
}

/** Copies what a real login stored, for every user in random order. */
async function fillTables({ origin }: Program): Promise<void> {
  const [credentials = ''] = await credentialsOf(bench.variables, 1);
  await send(origin, 'login', { body: credentials });
  await admin.query(
    `insert into sessions (id, user_id, expires_at, credentials_version, authenticated_at, methods, user_agent, ip_address, secret)
     select uuidv7(), users.id, one.expires_at + turn * interval '1 second', one.credentials_version, one.authenticated_at, one.methods, one.user_agent,
       one.ip_address, sha256(uuid_send(gen_random_uuid()))
     from (select id, row_number() over (order by random()) as turn from users) as users, (select * from sessions limit 1) as one
     order by turn`,
  );
  await admin.query(
    `insert into audit_events (id, created_at, type, outcome, user_id, actor_id, session_id, request_id, ip_address, user_agent, details)
     select uuidv7(), clock_timestamp(), one.type, one.outcome, sessions.user_id, sessions.user_id, sessions.id, gen_random_uuid(),
       one.ip_address, one.user_agent, one.details
     from sessions, (select * from audit_events where type = 'session.started' limit 1) as one`,
  );
  await admin.query('vacuum analyze');
}

async function roomOf(table: string): Promise<string[]> {
  const { rows: sizes } = await admin.query<{ rows: number; heap: number; indexes: number }>(
    `select (select count(*)::int from ${table}) as rows, pg_table_size('${table}')::float8 as heap,
      pg_indexes_size('${table}')::float8 as indexes`,
  );
  const { rows: indexes } = await admin.query<{ name: string; bytes: number }>(
    `select indexrelid::regclass::text as name, pg_relation_size(indexrelid)::float8 as bytes from pg_index
     where indrelid = '${table}'::regclass order by 2 desc limit 4`,
  );
  const [{ rows: count, heap, indexes: all }] = sizes as [{ rows: number; heap: number; indexes: number }];
  const perMillion = (bytes: number) => `${Math.round(bytes / count)} MB`;
  const largest = indexes.map(({ name, bytes }) => `${name} ${perMillion(bytes)}`).join(', ');
  return [table, perMillion(heap), perMillion(all), perMillion(heap + all), largest];
}

/** What each operation writes: as bare records, and with the full pages that follow a checkpoint. */
async function writesOfAll({ origin }: Program): Promise<string[][]> {
  const people = await credentialsOf(bench.variables, 2 * times);
  const devices: string[] = [];
  const halves = <Each>(all: readonly Each[]) => [all.slice(0, times), all.slice(times)] as const;
  const login = async (body: string) => {
    // Everybody has signed in before, with another program.
    const { device_token } = await send(origin, 'login', { body, userAgent: 'A new device' });
    devices.push(JSON.stringify({ ...(JSON.parse(body) as object), device_token }));
  };
  const sessions = await pickSessions(bench.variables, 2 * times);
  const strangers = Array.from({ length: 2 * times }, (_, index) => `newcomer-${index}@example.com`);
  const rows: string[][] = [];
  const add = async <Each>(name: string, all: () => readonly Each[], work: (each: Each) => Promise<unknown>) => {
    say(name);
    const [first, second] = halves(all());
    await admin.query('alter system set full_page_writes = off');
    await admin.query('select pg_reload_conf()');
    const bare = await measure(first, work);
    await admin.query('alter system reset full_page_writes');
    await admin.query('select pg_reload_conf()');
    await admin.query('checkpoint');
    const full = await measure(second, work);
    rows.push([name, bare.commits, bare.written, bare.hot, bytes(bare.wal), bytes(full.wal)]);
  };
  await add(
    'registration',
    () => strangers,
    (email) =>
      send(origin, 'register', {
        body: JSON.stringify({ email, password: 'violet lantern harbour', full_name: 'Quill Newcomer' }),
      }),
  );
  await add('login on a new device', () => people, login);
  await add(
    'login on a known device',
    () => devices,
    (body) => send(origin, 'login', { body }),
  );
  await add(
    'login with a wrong password',
    () => people,
    (body) => send(origin, 'login', { body: body.replace('harbour', 'harbor'), status: 401 }),
  );
  await add(
    "read of one's own account",
    () => sessions,
    ({ accessToken }) => send(origin, 'me', { accessToken }),
  );
  await add(
    'refresh',
    () => sessions,
    ({ refreshToken }) => send(origin, 'refresh', { body: JSON.stringify({ refresh_token: refreshToken }) }),
  );
  await add(
    'logout',
    () => sessions,
    ({ accessToken }) => send(origin, 'logout', { accessToken, method: 'POST' }),
  );
  return rows;
}

function bytes(count: number): string {
  return count < 1000 ? `${Math.round(count)} B` : `${(count / 1000).toFixed(1)} kB`;
}

async function measure<Each>(all: readonly Each[], work: (each: Each) => Promise<unknown>) {
  const before = await takeCounts();
  const waiting = [...all];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await work(next);
    }),
  );
  const after = await takeCounts();
  const per = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / all.length;
  const written = tables.flatMap((table) => {
    const counts = ['ins', 'upd', 'del'].map((kind) => [kind, per(`${table}.${kind}`)] as const);
    const some = counts.filter(([, count]) => count >= 0.005);
    return some.length === 0
      ? []
      : [`${table} ${some.map(([kind, count]) => `${count.toFixed(1)} ${kind}`).join(' ')}`];
  });
  const updates = tables.reduce((sum, table) => sum + per(`${table}.upd`), 0);
  const hot = tables.reduce((sum, table) => sum + per(`${table}.hot`), 0);
  return {
    commits: per('commits').toFixed(1),
    written: written.join(', '),
    hot: updates < 0.005 ? '' : `${Math.round((hot / updates) * 100)} %`,
    wal: per('wal'),
  };
}

/** Waits for jobs, and has all connections end, which is when they report what they counted. */
async function takeCounts(): Promise<Map<string, number>> {
  const due = "select from jobs where not is_recurring and run_at <= now() + interval '2 minutes' and dead_at is null";
  while ((await admin.query(due)).rowCount !== 0) await pause(100);
  await admin.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'latchkey' and pid <> pg_backend_pid()`,
  );
  const { rows: counts } = await admin.query<{ name: string; count: number }>(
    `select relname || '.' || kind as name, count::float8 as count from pg_stat_user_tables
       cross join lateral (values ('ins', n_tup_ins), ('upd', n_tup_upd), ('hot', n_tup_hot_upd), ('del', n_tup_del)) as one (kind, count)
     union all select 'commits', xact_commit::float8 from pg_stat_database where datname = current_database()
     union all select 'wal', pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8`,
  );
  return new Map(counts.map(({ name, count }) => [name, count]));
}

interface Call {
  readonly body?: string;
  readonly accessToken?: string;
  readonly userAgent?: string;
  readonly method?: string;
  readonly status?: number;
}

async function send(
  origin: string,
  operation: string,
  { body, accessToken, userAgent, method = body === undefined ? 'GET' : 'POST', status }: Call,
): Promise<Record<string, string>> {
  const answer = await fetch(`${origin}${basePath}/auth/${operation}`, {
    method,
    headers: {
      ...headers,
      ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
      ...(userAgent !== undefined && { 'User-Agent': userAgent }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  if (status === undefined ? !answer.ok : answer.status !== status) {
    throw new Error(`${operation} answered ${answer.status}: ${text}`);
  }
  return (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
}
