/** The measurements: reads against the floor, logins against bcrypt, refreshes against PostgreSQL, and the start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from './load.ts';
import { figure, inRounds, ratio, type Figure } from './rounds.ts';
import { beginSessions, credentialsOf } from './sessions.ts';
import { basePath, startBaseline, startLatchkey, type Bench, type Program } from './service.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly figure: Figure;
  /** In milliseconds. */
  readonly p99?: Figure;
  readonly ratios: readonly Ratio[];
}

/** The ratio of two figures; it should reach `target` and must not exceed `atMost`. */
export interface Ratio {
  readonly to: string;
  readonly ratio: number;
  readonly target?: number;
  readonly atMost?: number;
}

/** Duration and number of rounds. */
export interface Effort {
  readonly seconds: number;
  readonly rounds: number;
}

const connections = 32;
const warmUpSeconds = 1.5;
/** Seconds until a flood of logins is no longer a wave. */
export const floodBegins = 2;
const baselines = ['node:http + pg', 'Express + pg', 'Fastify + pg'] as const;
const files = { 'node:http + pg': 'node', 'Express + pg': 'express', 'Fastify + pg': 'fastify' } as const;

/** Reads with one worker, against the same reads by the baselines. */
export async function measureReads(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  const latchkey = await startLatchkey(bench);
  const programs: Record<string, Program> = { Latchkey: latchkey };
  for (const name of baselines) programs[name] = await startBaseline(bench, files[name]);
  const sessions = await beginSessions(bench.variables, connections);
  const accessTokens = sessions.map(({ accessToken }) => accessToken);
  const rows: Row[] = [];
  for (const [what, target, names] of [
    ['/auth/me', '/auth/me', Object.keys(programs)],
    ['/users/{user_id}', `/users/${sessions[0]!.userId}`, ['Latchkey', 'node:http + pg', 'Express + pg']],
    ['/users?limit=20', '/users?limit=20', ['Latchkey', 'node:http + pg', 'Express + pg']],
  ] as const) {
    say(`GET ${what}`);
    const run = (name: string, seconds: number) =>
      bench.measure({ url: `${programs[name]!.origin}${basePath}${target}`, accessTokens, connections, seconds });
    for (const name of names) await run(name, warmUpSeconds);
    const contestants = Object.fromEntries(names.map((name) => [name, () => run(name, effort.seconds)]));
    rows.push(...readRows(`GET ${what}`, await inRounds(contestants, effort.rounds)));
  }
  await Promise.all(Object.values(programs).map((program) => program.stop()));
  return rows;
}

function readRows(what: string, outcomes: Record<string, Outcome[]>): Row[] {
  const rates = (name: string) => outcomes[name]!.map(({ perSecond }) => perSecond);
  const p99s = (name: string) => outcomes[name]!.map(({ p99 }) => p99);
  return Object.keys(outcomes).map((name): Row => {
    const targets: Record<string, number> =
      what === 'GET /auth/me' ? { 'node:http + pg': 0.7, 'Express + pg': 0.85 } : {};
    const others = name === 'Latchkey' ? Object.keys(outcomes).filter((other) => other !== name) : [];
    return {
      what: `${what}, ${name}`,
      unit: 'requests/s',
      figure: figure(rates(name)),
      p99: figure(p99s(name)),
      ratios: [
        ...others.map((to) => ({
          to,
          ratio: ratio(rates(name), rates(to)),
          ...(targets[to] !== undefined && { target: targets[to] }),
        })),
        ...others.slice(0, 1).map((to) => ({
          to: `the p99 of ${to}`,
          ratio: ratio(p99s(name), p99s(to)),
          ...(what === 'GET /auth/me' && { atMost: 2 }),
        })),
      ],
    };
  });
}

const json = { 'Content-Type': 'application/json' };

/** Logins at the default cost, against bcrypt alone. */
export async function measureLogins(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  say('POST /auth/login');
  const latchkey = await startLatchkey(bench);
  const bodies = await credentialsOf(bench.variables, 8);
  const login = async (seconds: number) => {
    const url = `${latchkey.origin}${basePath}/auth/login`;
    const load = { url, method: 'POST', headers: json, bodies, connections: 8, seconds } as const;
    return (await bench.measure(load)).perSecond;
  };
  await login(1);
  const contestants = {
    Latchkey: () => login(effort.seconds),
    'bcrypt alone': () => runAlone(bench, 'bcrypt', effort.seconds),
  };
  const rates = await inRounds(contestants, effort.rounds);
  await latchkey.stop();
  return writeRows('POST /auth/login', rates, 0.95);
}

/** Refreshes against PostgreSQL alone, which commits each separately; Latchkey commits simultaneous ones together. */
export async function measureRefreshes(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  say('POST /auth/refresh');
  const latchkey = await startLatchkey(bench);
  const refresh = async (seconds: number) => {
    const url = `${latchkey.origin}${basePath}/auth/refresh`;
    const sessions = await beginSessions(bench.variables, connections);
    const refreshTokens = sessions.map(({ refreshToken }) => refreshToken);
    const load = { url, method: 'POST', headers: json, refreshTokens, connections, seconds } as const;
    return (await bench.measure(load)).perSecond;
  };
  await refresh(warmUpSeconds);
  const contestants = {
    Latchkey: () => refresh(effort.seconds),
    'PostgreSQL alone': () => runAlone(bench, 'rotation', effort.seconds),
  };
  const rates = await inRounds(contestants, effort.rounds);
  await latchkey.stop();
  return writeRows('POST /auth/refresh', rates, 0.6);
}

/** How long reads take while 50 clients sign in continuously. */
export async function measureFlood(bench: Bench, seconds: number, say: (text: string) => void): Promise<Row[]> {
  const latchkey = await startLatchkey(bench);
  const accessTokens = (await beginSessions(bench.variables, 4)).map(({ accessToken }) => accessToken);
  const url = (target: string) => `${latchkey.origin}${basePath}${target}`;
  const logins = {
    url: url('/auth/login'),
    method: 'POST',
    headers: json,
    bodies: await credentialsOf(bench.variables, 50),
    mayFail: true,
  } as const;
  const health = { url: url('/health') };
  const me = { url: url('/auth/me'), accessTokens };
  say('GET /health and GET /auth/me while 50 clients sign in');
  for (const load of [me, health, logins]) await bench.measure({ ...load, connections: 4, seconds: 1 });
  // All 50 come at once; what is measured is what they do from then on.
  const flood = bench.measure({ ...logins, connections: 50, seconds: seconds + floodBegins });
  await pause(floodBegins * 1000);
  const [ofHealth, ofMe] = await Promise.all([
    bench.measure({ ...health, connections: 4, seconds, perSecond: 100 }),
    bench.measure({ ...me, connections: 4, seconds, perSecond: 100 }),
  ]);
  await flood;
  await latchkey.stop();
  return [
    { what: 'p99 of GET /health during logins', outcome: ofHealth },
    { what: 'p99 of GET /auth/me during logins', outcome: ofMe },
  ].map(({ what, outcome: { p99 } }) => ({
    what,
    unit: 'ms',
    figure: figure([p99]),
    ratios: [{ to: 'the limit', ratio: p99 / 100, atMost: 1 }],
  }));
}

function writeRows(what: string, rates: Record<string, number[]>, target: number): Row[] {
  const [own = '', other = ''] = Object.keys(rates);
  const ratios = [{ to: other, ratio: ratio(rates[own]!, rates[other]!), target }];
  return [
    { what: `${what}, ${own}`, unit: 'a second', figure: figure(rates[own]!), ratios },
    { what: `${what}, ${other}`, unit: 'a second', figure: figure(rates[other]!), ratios: [] },
  ];
}

async function runAlone(bench: Bench, name: 'bcrypt' | 'rotation', seconds: number): Promise<number> {
  const args = ['--import', 'tsx', path.join(import.meta.dirname, 'baselines', `${name}.ts`), String(seconds)];
  const env = { PATH: process.env['PATH'], ...bench.variables };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  bench.programs.add(child);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${name} ended with status ${status}`);
  return Number(output);
}
