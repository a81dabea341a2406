/**
 * `npm run bench`: measures the built server and its baselines in turns.
 * `--json FILE` saves the figures, `--compare FILE` shows what changed since, `--guard` is short and fails far below a target;
 * `--tail` only measures how late the last answers are, `--peers` only another service at the same work, `--signing` only what key pairs
 * cost;
 * `--soak` only measures whether memory grows over a million requests, `--profile` only where a request's time goes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureFlood, measureLogins, measureReads, measureRefreshes, type Row } from './measurements.ts';
import { measurePeers } from './peers/peers.ts';
import { measureProfile } from './profile.ts';
import { compareReports, describeMachine, formatProfiles, formatReport, type Report } from './report.ts';
import { prepareBench } from './service.ts';
import { measureSigning } from './signing.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';
import { measureTail } from './tail.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    compare: { type: 'string' },
    guard: { type: 'boolean', default: false },
    tail: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    signing: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const began = performance.now();
const say = (text: string) => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
};

say('PostgreSQL, and 10,000 users');
const bench = await prepareBench();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void bench.stop().finally(() => process.exit(1)));
}
try {
  if (options.profile) print(formatProfiles(await measureProfile(bench, say)));
  else if (options.soak) await tell(await measureSoak(bench, say));
  else if (options.tail) await tell(await measureTail(bench, { seconds: 8, rounds: 5 }, say));
  else if (options.peers) await tell(await measurePeers(bench, { seconds: 3, rounds: 5 }, say));
  else if (options.signing) await tell(await measureSigning(bench, { seconds: 1, rounds: 7 }, say));
  else await tell(options.guard ? await guard() : await measureAll());
} finally {
  await bench.stop();
}

async function measureAll(): Promise<Row[]> {
  const { guard: short } = options;
  return [
    ...(await measureReads(bench, { seconds: 1, rounds: short ? 3 : 5 }, say)),
    ...(await measureLogins(bench, { seconds: 4, rounds: short ? 1 : 3 }, say)),
    ...(await measureRefreshes(bench, { seconds: 2.5, rounds: short ? 1 : 3 }, say)),
    ...(await measureFlood(bench, short ? 3 : 5, say)),
    ...(await measureStart(bench, short ? 1 : 3, say)),
  ];
}

async function tell(rows: readonly Row[]): Promise<void> {
  const report: Report = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(), rows };
  print(formatReport(report));
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (!options.compare) return;
  const earlier = JSON.parse(await readFile(options.compare, 'utf8')) as Report;
  print(`\nsince ${options.compare} of ${earlier.date}:\n\n${compareReports(earlier, report)}`);
}

// Noise won't halve a ratio twice; a regression will.
async function guard(): Promise<Row[]> {
  const rows = await measureAll();
  const missed = farFromTarget(rows);
  if (missed.length === 0) return rows;
  say(`once more, since this is far from its target: ${missed.join(', ')}`);
  const again = await measureAll();
  for (const line of farFromTarget(again)) {
    process.exitCode = 1;
    say(`far from its target: ${line}`);
  }
  return again;
}

function farFromTarget(rows: readonly Row[]): string[] {
  return rows.flatMap(({ what, ratios }) =>
    ratios
      .filter(({ ratio, target, atMost }) => ratio < (target ?? 0) / 2 || ratio > 2 * (atMost ?? Infinity))
      .map(({ ratio, to }) => `${what}: ${ratio.toFixed(2)} of ${to}`),
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
