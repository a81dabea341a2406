/**
 * `npm run bench`: measures the built server and what it is compared with, in turns.
 * `--json FILE` keeps the figures, `--compare FILE` says what changed since, `--guard` is short and fails far below a target;
 * `--soak` measures nothing but whether memory grows over a million requests.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureFlood, measureReads, measureWrites, type Row } from './measurements.ts';
import { compareReports, describeMachine, formatReport, type Report } from './report.ts';
import { prepareBench } from './service.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    compare: { type: 'string' },
    guard: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
  },
});
const began = performance.now();
const say = (text: string) => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
};

say('PostgreSQL, and 10,000 users');
const bench = await prepareBench();
let rows: Row[];
try {
  rows = options.soak ? await measureSoak(bench, say) : await measureAll();
} finally {
  await bench.stop();
}
const report: Report = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(), rows };
process.stdout.write(`${formatReport(report)}\n`);
if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.compare) {
  const earlier = JSON.parse(await readFile(options.compare, 'utf8')) as Report;
  process.stdout.write(`\nsince ${options.compare} of ${earlier.date}:\n\n${compareReports(earlier, report)}\n`);
}
if (options.guard) process.exitCode = guard(rows);

async function measureAll(): Promise<Row[]> {
  const { guard: short } = options;
  return [
    ...(await measureReads(bench, { seconds: short ? 1 : 1.2, rounds: short ? 3 : 5 }, say)),
    ...(await measureWrites(bench, { seconds: 2, rounds: short ? 1 : 3 }, say)),
    ...(await measureFlood(bench, short ? 3 : 5, say)),
    ...(await measureStart(bench, short ? 1 : 2, say)),
  ];
}

// Noise halves no ratio; a mistake does.
function guard(all: readonly Row[]): number {
  const missed = all.flatMap(({ what, ratios }) =>
    ratios
      .filter(({ ratio, target, atMost }) => ratio < (target ?? 0) / 2 || ratio > 2 * (atMost ?? Infinity))
      .map(({ ratio, to }) => `${what}: ${ratio.toFixed(2)} of ${to}`),
  );
  for (const line of missed) process.stderr.write(`far from its target: ${line}\n`);
  return missed.length > 0 ? 1 : 0;
}
