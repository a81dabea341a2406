/** The same work by a service that a team would pick instead. The README tells what differs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Effort, Row } from '../measurements.ts';
import { figure, inRounds, ratio } from '../rounds.ts';
import { basePath, startLatchkey, type Bench, type Program } from '../service.ts';
import { beginSessions, credentialsOf } from '../sessions.ts';
import { residentMb } from '../start.ts';
import { prepareBetterAuth, signIn } from './better-auth.ts';

const connections = 32;
const signingIn = 8;
const json = { 'Content-Type': 'application/json' };
const own = 'Latchkey';
const peer = 'Better Auth';
type Name = typeof own | typeof peer;

/** Reads of a session, sign-ins, refreshes, start and memory, in turns. */
export async function measurePeers(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  say(`installing ${peer}`);
  const betterAuth = await prepareBetterAuth(bench, connections);
  say('start');
  const started = await inRounds(
    { [own]: () => observeStart(() => startLatchkey(bench)), [peer]: () => observeStart(() => betterAuth.start()) },
    effort.rounds,
  );
  const latchkey = await startLatchkey(bench);
  const reading = await betterAuth.start();
  const renewing = await betterAuth.start(true);
  const { seconds } = effort;

  const target = (path: string) => `${latchkey.origin}${basePath}${path}`;
  const accessTokens = (await beginSessions(bench.variables, connections)).map((session) => session.accessToken);
  const refreshTokens = async () =>
    (await beginSessions(bench.variables, connections)).map((session) => session.refreshToken);
  const bodies = await credentialsOf(bench.variables, signingIn);
  const peersTokens = await signIn(reading, betterAuth.credentials);
  const session = ({ origin }: Program) => ({ url: `${origin}/api/auth/get-session`, accessTokens: peersTokens });
  const signInAt = ({ origin }: Program, path: string, credentials: readonly string[]) =>
    ({
      url: `${origin}${path}`,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      bodies: credentials,
      connections: signingIn,
      seconds,
    }) as const;

  const contests = {
    'session read': {
      [own]: () => bench.measure({ url: target('/auth/me'), accessTokens, connections, seconds }),
      [peer]: () => bench.measure({ ...session(reading), connections, seconds }),
    },
    'session renewed': {
      [own]: async () =>
        bench.measure({
          url: target('/auth/refresh'),
          method: 'POST',
          headers: json,
          refreshTokens: await refreshTokens(),
          connections,
          seconds,
        }),
      [peer]: () => bench.measure({ ...session(renewing), connections, seconds }),
    },
    'sign-in': {
      [own]: () => bench.measure(signInAt(latchkey, `${basePath}/auth/login`, bodies)),
      [peer]: () => bench.measure(signInAt(reading, '/api/auth/sign-in/email', betterAuth.credentials)),
    },
  };
  const rows: Row[] = [];
  for (const [what, contestants] of Object.entries(contests)) {
    say(what);
    for (const contestant of Object.values(contestants)) await contestant();
    const outcomes = await inRounds(contestants, effort.rounds);
    const rates = (name: Name) => outcomes[name].map(({ perSecond }) => perSecond);
    rows.push(...rowsOf(what, 'a second', { [own]: rates(own), [peer]: rates(peer) }));
  }
  const loaded = { [own]: [residentMb(latchkey.child.pid!)], [peer]: [residentMb(reading.child.pid!)] };
  await Promise.all([latchkey, reading, renewing].map((program) => program.stop()));
  const observed = (kind: keyof Start) => ({
    [own]: started[own].map((start) => start[kind]),
    [peer]: started[peer].map((start) => start[kind]),
  });
  return [
    ...rows,
    ...rowsOf('start', 'ms', observed('startMs')),
    ...rowsOf('memory, idle', 'MB', observed('memoryMb')),
    ...rowsOf('memory after the load', 'MB', loaded),
  ];
}

interface Start {
  readonly startMs: number;
  readonly memoryMb: number;
}

async function observeStart(start: () => Promise<Program>): Promise<Start> {
  const program = await start();
  await pause(2000);
  const memoryMb = residentMb(program.child.pid!);
  await program.stop();
  return { startMs: program.startMs, memoryMb };
}

function rowsOf(what: string, unit: string, figures: Record<string, number[]>): Row[] {
  const ratios = [{ to: peer, ratio: ratio(figures[own]!, figures[peer]!) }];
  return [
    { what: `${what}, ${own}`, unit, figure: figure(figures[own]!), ratios },
    { what: `${what}, ${peer}`, unit, figure: figure(figures[peer]!), ratios: [] },
  ];
}
