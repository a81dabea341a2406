/**
 * `npm run bench:scale`: the same requests to a server with a thousand users and to one with a million, in turns; `--users N` for another
 * number. The ratio says what growing costs.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findUserByEmail } from '../../src/features/users/users.repository.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { addPeople } from './people.ts';
import { describeMachine, formatTable } from './report.ts';
import { figure } from './rounds.ts';
import { beginSessions } from './sessions.ts';
import { basePath, prepareBench, startLatchkey, type Bench } from './service.ts';

const { values: options } = parseArgs({ options: { users: { type: 'string', default: '1000000' } } });
const few = 1000;
const many = Number(options.users);
const rounds = 3;
const seconds = 1;
const began = performance.now();
const say = (text: string) => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
};

/** Half and 95 % of the answers came within so many milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** A server with so many users. */
interface Side {
  readonly get: (path: string) => Promise<Latency>;
  readonly lookUp: () => Promise<Latency>;
  readonly pathOf: (what: What) => string | Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A path, or one that depends on who is there. */
type What =
  | string
  | ((side: {
      pages: number;
      userId: string;
      cursorAfter: (page: number) => Promise<string>;
    }) => string | Promise<string>);

const lists: Record<string, What> = {
  'by id': ({ userId }) => `/users/${userId}`,
  'first page': '/users',
  'page 2': '/users?page=2',
  'middle page': ({ pages }) => `/users?page=${Math.ceil(pages / 2)}`,
  'cursor page, nine tenths down': async ({ pages, cursorAfter }) =>
    `/users?cursor=${await cursorAfter(Math.floor(pages * 0.9))}`,
  ...Object.fromEntries(
    ['created_at', 'updated_at', 'email', 'full_name'].flatMap((key) =>
      ['asc', 'desc'].map((order) => [`by ${key} ${order}`, `/users?sort_by=${key}&sort_order=${order}`]),
    ),
  ),
  moderators: '/users?role=moderator',
  'administrators by address': '/users?role=admin&sort_by=email',
  'plain users': '/users?role=user',
  'inactive users': '/users?is_active=false',
  'active users': '/users?is_active=true',
  'unverified users by name': '/users?email_verified=false&sort_by=full_name',
  'verified users': '/users?email_verified=true',
  'inactive moderators by name': '/users?role=moderator&is_active=false&sort_by=full_name',
  ...Object.fromEntries(
    Object.entries({
      'most users': 'example.com',
      'every sixth': 'anna',
      'one user': 'quartermain',
      nobody: 'xqzwvk',
      'one letter': 'a',
      'two letters': 'an',
      'two letters that nobody has': 'qx',
      Cyrillic: 'иванов',
      CJK: '田中',
      'signs alone': '---',
      'a letter on either side of a sign': 'j@e',
    }).map(([name, text]) => [`search: ${name}`, `/users?search=${encodeURIComponent(text)}`]),
  ),
  // Only Smiths far down the list: what neither walking nor an index is quick for.
  'search: every eleventh, by name': '/users?search=smith&sort_by=full_name&sort_order=desc',
  'search: every sixth, by name': '/users?search=anna&sort_by=full_name&sort_order=asc',
  'search: every sixth, moderators': '/users?search=anna&role=moderator',
};

if (!Number.isInteger(many) || many < few) throw new Error(`--users takes a whole number of at least ${few}`);
const sides: Side[] = [];
try {
  sides.push(await prepareSide(few), await prepareSide(many));
  const rows = [await compare('look-up for a login', (side) => side.lookUp())];
  for (const [name, what] of Object.entries(lists)) {
    rows.push(await compare(name, async (side) => side.get(await side.pathOf(what))));
  }
  const machine = Object.entries(describeMachine()).map(([name, value]) => `${name} ${value}`);
  const sizes = [few, many].map((size) => size.toLocaleString('en'));
  const heads = sizes.flatMap((size) => [`p50 at ${size}`, `p95 at ${size}`]);
  process.stdout.write(
    `${[machine.join(', '), '', ...formatTable([['what', ...heads, 'ratio of p50', 'ratio of p95'], ...rows])].join('\n')}\n`,
  );
} finally {
  for (const side of sides) await side.stop();
}

/** A line of the table: medians of several rounds, in which both sides take turns. */
async function compare(name: string, measure: (side: Side) => Promise<Latency>): Promise<string[]> {
  say(name);
  const found: Latency[][] = sides.map(() => []);
  for (const side of sides) await measure(side); // warms up
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) found[index]!.push(await measure(side));
  }
  const [small, large] = found.map((all) => ({
    p50: figure(all.map(({ p50 }) => p50)).median,
    p95: figure(all.map(({ p95 }) => p95)).median,
  })) as [Latency, Latency];
  const times = [small.p50, small.p95, large.p50, large.p95].map((ms) => `${ms.toFixed(1)} ms`);
  return [name, ...times, (large.p50 / small.p50).toFixed(2), (large.p95 / small.p95).toFixed(2)];
}

async function prepareSide(count: number): Promise<Side> {
  say(`a PostgreSQL with ${count.toLocaleString('en')} users`);
  const bench = await prepareBench((client) => addPeople(client, count, say));
  const server = await startLatchkey(bench);
  const accessTokens = (await beginSessions(bench.variables, 1)).map(({ accessToken }) => accessToken);
  const { emails, ids } = await someOf(bench);
  const url = (path: string) => `${server.origin}${basePath}${path}`;
  const database = openDatabase(bench.variables['DATABASE_URL']!, {
    poolMax: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 60_000,
  });
  return {
    get: (path) => bench.measure({ url: url(path), accessTokens, connections: 1, seconds }),
    async lookUp() {
      const times: number[] = [];
      for (const email of emails) {
        const start = performance.now();
        await findUserByEmail(database.pool, email);
        times.push(performance.now() - start);
      }
      times.sort((one, other) => one - other);
      return { p50: times[Math.floor(times.length * 0.5)]!, p95: times[Math.floor(times.length * 0.95)]! };
    },
    pathOf(what) {
      if (typeof what === 'string') return what;
      return what({
        pages: Math.ceil(count / 20),
        userId: ids[0]!,
        async cursorAfter(page) {
          const answer = await fetch(url(`/users?page=${page}`), {
            headers: { Authorization: `Bearer ${accessTokens[0]}` },
          });
          return ((await answer.json()) as { next_cursor: string }).next_cursor;
        },
      });
    },
    async stop() {
      await database.close();
      await bench.stop();
    },
  };
}

/** The addresses and ids of some users from all over the table. */
async function someOf({ variables }: Bench): Promise<{ emails: string[]; ids: string[] }> {
  const client = new pg.Client({ connectionString: variables['DATABASE_URL'] });
  await client.connect();
  const { rows } = await client.query<{ id: string; email: string }>(
    'select id, email from users order by random() limit 500',
  );
  await client.end();
  return { emails: rows.map(({ email }) => email), ids: rows.map(({ id }) => id) };
}
