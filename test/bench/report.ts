/** The table of a run, its JSON, and a comparison with another run. */
import { cpus, release, totalmem, type } from 'node:os';
import { createRequire } from 'node:module';
import type { Row } from './measurements.ts';
import type { Profile } from './profile.ts';

export interface Report {
  readonly date: string;
  readonly machine: Record<string, string>;
  readonly rows: readonly Row[];
}

const packages = ['express', 'fastify', 'pg', 'objection', 'express-openapi-validator', 'undici'];

export function describeMachine(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const version = (name: string) => (require(`${name}/package.json`) as { version: string }).version;
  return {
    Node: process.version,
    processors: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${type()} ${release()}`,
    ...Object.fromEntries(packages.map((name) => [name, version(name)])),
  };
}

/** A Markdown table, to paste into a page. */
export function formatReport({ date, machine, rows }: Report): string {
  const lines = rows.map(({ what, unit, figure: { median, least, most }, p99, ratios }) => [
    what,
    `${number(median)} ${unit}`,
    least === most ? '' : `${number(least)} to ${number(most)}`,
    p99 ? `${number(p99.median)} ms` : '',
    ratios.map(formatRatio).join(', '),
  ]);
  const machineLine = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [
    `${date}: ${machineLine.join(', ')}`,
    '',
    ...formatTable([['what', 'median', 'spread', 'p99', 'ratios'], ...lines]),
  ].join('\n');
}

function formatRatio({ to, ratio, target, atMost }: Row['ratios'][number]): string {
  const bound = target === undefined ? (atMost === undefined ? '' : ` (at most ${atMost})`) : ` (target ${target})`;
  return `${ratio.toFixed(2)} of ${to}${bound}`;
}

/** Changes of the medians since an earlier report, for rows in both. */
export function compareReports(earlier: Report, now: Report): string {
  const former = new Map(earlier.rows.map((row) => [row.what, row]));
  const lines = now.rows.flatMap((row) => {
    const before = former.get(row.what);
    if (!before) return [];
    const change = ((row.figure.median / before.figure.median - 1) * 100).toFixed(0);
    const ratios = row.ratios.map(({ to, ratio }) => {
      const earlierRatio = before.ratios.find((one) => one.to === to)?.ratio;
      return `${earlierRatio?.toFixed(2) ?? '?'} -> ${ratio.toFixed(2)} of ${to}`;
    });
    const medians = `${number(before.figure.median)} -> ${number(row.figure.median)} ${row.unit}`;
    return [[row.what, medians, `${change} %`, ratios.join(', ')]];
  });
  return formatTable([['what', 'median', 'change', 'ratios'], ...lines]).join('\n');
}

/** Where a request's time goes, in microseconds, sorted by the first column; small amounts are omitted. */
export function formatProfiles(profiles: Record<string, Profile>): string {
  const [first = new Map<string, number>()] = Object.values(profiles);
  const total = (profile: Profile) => [...profile.values()].reduce((sum, time) => sum + time, 0);
  const places = [...new Set(Object.values(profiles).flatMap((profile) => [...profile.keys()]))]
    .filter((place) => Object.values(profiles).some((profile) => (profile.get(place) ?? 0) > total(profile) / 200))
    .sort((one, other) => (first.get(other) ?? 0) - (first.get(one) ?? 0));
  const cells = (pick: (profile: Profile) => number | undefined) =>
    Object.values(profiles).map((profile) => pick(profile)?.toFixed(1) ?? '');
  return formatTable([
    ['where', ...Object.keys(profiles).map((name) => `${name}, µs`)],
    ...places.map((place) => [place, ...cells((profile) => profile.get(place))]),
    ['all', ...cells(total)],
  ]).join('\n');
}

export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...rest] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
