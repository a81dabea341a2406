/** How late the last answers are: with many connections, while others sign in, and beside clients that do harm. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from './load.ts';
import { floodBegins, type Effort, type Row } from './measurements.ts';
import { figure, inRounds, ratio } from './rounds.ts';
import { basePath, startBaseline, startLatchkey, type Bench, type Program } from './service.ts';
import { beginSessions, credentialsOf } from './sessions.ts';

const target = `${basePath}/auth/me`;
const json = { 'Content-Type': 'application/json' };

/** Takes minutes, of which one with 500 connections. */
export async function measureTail(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  return [
    ...(await measureLoginFlood(bench, effort, say)),
    ...(await measureManyConnections(bench, say)),
    ...(await measureBadClients(bench, effort, say)),
  ];
}

/** `GET /auth/me` while 50 clients sign in, against the floor, whose logins are bcrypt alone. */
async function measureLoginFlood(
  bench: Bench,
  { seconds, rounds }: Effort,
  say: (text: string) => void,
): Promise<Row[]> {
  say('GET /auth/me while 50 clients sign in');
  const [own, floor] = ['Latchkey', 'node:http + pg'] as const;
  const programs = { [own]: await startLatchkey(bench), [floor]: await startBaseline(bench, 'node') };
  const accessTokens = (await beginSessions(bench.variables, 4)).map(({ accessToken }) => accessToken);
  const bodies = await credentialsOf(bench.variables, 50);
  const run = async ({ origin }: Program) => {
    const logins = {
      url: `${origin}${basePath}/auth/login`,
      method: 'POST',
      headers: json,
      bodies,
      mayFail: true,
    } as const;
    // All 50 come at once; what is measured is what they do from then on.
    const flood = bench.measure({ ...logins, connections: 50, seconds: seconds + floodBegins });
    await pause(floodBegins * 1000);
    const read = await bench.measure({
      url: `${origin}${target}`,
      accessTokens,
      connections: 4,
      seconds,
      perSecond: 100,
    });
    const signedIn = await flood;
    return { signedIn, read };
  };
  for (const program of Object.values(programs)) await run(program);
  const outcomes = await inRounds({ [own]: () => run(programs[own]), [floor]: () => run(programs[floor]) }, rounds);
  await Promise.all(Object.values(programs).map((program) => program.stop()));
  const p99s = (name: keyof typeof programs) => outcomes[name].map(({ read }) => read.p99);
  const logins = (name: keyof typeof programs) => figure(outcomes[name].map(({ signedIn }) => signedIn.perSecond));
  return [own, floor].flatMap((name) => [
    {
      what: `p99 of GET /auth/me during logins, ${name}`,
      unit: 'ms',
      figure: figure(p99s(name)),
      ratios: name === own ? [{ to: floor, ratio: ratio(p99s(own), p99s(floor)), atMost: 1.5 }] : [],
    },
    { what: `those logins, ${name}`, unit: 'a second', figure: logins(name), ratios: [] },
  ]);
}

/** Throws if any of the requests fails. */
async function measureManyConnections(bench: Bench, say: (text: string) => void): Promise<Row[]> {
  const connections = 500;
  say(`GET /auth/me over ${connections} connections for a minute`);
  const latchkey = await startLatchkey(bench);
  const accessTokens = (await beginSessions(bench.variables, connections)).map(({ accessToken }) => accessToken);
  const outcome = await bench.measure({ url: `${latchkey.origin}${target}`, accessTokens, connections, seconds: 60 });
  await latchkey.stop();
  return [
    {
      what: `GET /auth/me, ${connections} connections, no error`,
      unit: 'requests/s',
      figure: figure([outcome.perSecond]),
      p99: figure([outcome.p99]),
      ratios: [],
    },
  ];
}

const badClients = {
  '8 clients that send 10 MB each': ['large', '8'],
  '400 clients that send a byte a second': ['slow', '400'],
  '10,000 idle connections': ['idle', '10000'],
} as const;

/** The same requests beside bad clients, and while these do as much to another server, since they take the processor either way. */
async function measureBadClients(
  bench: Bench,
  { seconds, rounds }: Effort,
  say: (text: string) => void,
): Promise<Row[]> {
  const variables = { ...bench.variables, MAX_CONNECTIONS: '12000', MAX_CONNECTIONS_PER_CLIENT: '12000' };
  const latchkey = await startLatchkey({ ...bench, variables });
  const other = await startBaseline(bench, 'node');
  const accessTokens = (await beginSessions(bench.variables, 4)).map(({ accessToken }) => accessToken);
  const run = () =>
    bench.measure({ url: `${latchkey.origin}${target}`, accessTokens, connections: 4, seconds, perSecond: 200 });
  await run();
  const rows: Row[] = [];
  for (const [name, [kind, count]] of Object.entries(badClients)) {
    say(`GET /auth/me beside ${name}`);
    const beside = (program: Program) => () => holding(bench, program, kind, count, run);
    const outcomes = await inRounds({ elsewhere: beside(other), beside: beside(latchkey) }, rounds);
    const p99s = (which: 'elsewhere' | 'beside') => outcomes[which].map(({ p99 }) => p99);
    rows.push({
      what: `p99 of GET /auth/me beside ${name}`,
      unit: 'ms',
      figure: figure(p99s('beside')),
      ratios: [
        { to: 'that while they do it to another server', ratio: ratio(p99s('beside'), p99s('elsewhere')), atMost: 2 },
      ],
    });
  }
  await Promise.all([latchkey.stop(), other.stop()]);
  return rows;
}

async function holding(
  bench: Bench,
  { origin }: Program,
  kind: string,
  count: string,
  measure: () => Promise<Outcome>,
): Promise<Outcome> {
  const file = path.join(import.meta.dirname, 'hold.ts');
  const child = fork(file, [kind, origin, count], { execArgv: ['--import', 'tsx'] });
  bench.programs.add(child);
  await once(child, 'message');
  try {
    return await measure();
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}
