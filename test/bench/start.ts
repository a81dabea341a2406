/** Start time and memory, with the real contract and with one of some 300 operations. */
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { operations } from '../../generated/operations.ts';
import { buildServer } from '../../openapi/tools/server/server.ts';
import type { Row } from './measurements.ts';
import { figure } from './rounds.ts';
import { startLatchkey, type Bench } from './service.ts';

const root = path.join(import.meta.dirname, '..', '..');
const real = Object.keys(operations).length;
const copies = Math.ceil(300 / real);
const many = copies * real;

interface Limits {
  readonly startMs: number;
  readonly memoryMb: number;
}

/** Starts each several times; memory is a worker's two seconds after its first answer. */
export async function measureStart(bench: Bench, rounds: number, say: (text: string) => void): Promise<Row[]> {
  say('start, with the real contract');
  const asItIs = await measureProject(bench, root, rounds);
  say(`start, with a contract of ${many} operations`);
  const large = await measureProject(bench, await makeLargeProject(bench.folder), rounds);
  return [
    ...rows(`${real} operations`, asItIs, { startMs: 1500, memoryMb: 105 }),
    ...rows(`${many} operations`, large, { startMs: 3000, memoryMb: 130 }, asItIs),
  ];
}

interface Measured {
  readonly starts: number[];
  readonly memories: number[];
}

async function measureProject(bench: Bench, project: string, rounds: number): Promise<Measured> {
  const starts: number[] = [];
  const memories: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const program = await startLatchkey(bench, { project });
    await pause(2000);
    starts.push(program.startMs);
    memories.push(residentMb(program.child.pid!));
    await program.stop();
  }
  return { starts, memories };
}

// With n times the operations, a start may take n times as long.
function rows(what: string, { starts, memories }: Measured, { startMs, memoryMb }: Limits, small?: Measured): Row[] {
  const row = (unit: string, values: number[], limit: number, few?: number[]) => ({
    unit,
    figure: figure(values),
    ratios: [
      { to: 'the limit', ratio: figure(values).median / limit, atMost: 1 },
      ...(few ? [{ to: `that of ${real}`, ratio: figure(values).median / figure(few).median, atMost: copies }] : []),
    ],
  });
  return [
    { what: `start, ${what}`, ...row('ms', starts, startMs, small?.starts) },
    { what: `memory, ${what}`, ...row('MB', memories, memoryMb, small?.memories) },
  ];
}

/** Resident memory of a process in megabytes; NaN except on Linux. */
export function residentMb(pid: number): number {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : NaN;
}

interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
}

/** A copy of the built project with each operation many times, each with ten statuses; copies share handlers. */
async function makeLargeProject(parent: string): Promise<string> {
  const folder = mkdtempSync(path.join(parent, 'large-'));
  for (const name of ['dist', 'package.json', path.join('src', 'features', 'passwords')])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  cpSync(path.join(root, 'generated'), path.join(folder, 'generated'), { recursive: true });

  const file = path.join(folder, 'generated', 'openapi.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const paths: Document['paths'] = {};
  for (let copy = 0; copy < copies; copy++) {
    for (const [name, item] of Object.entries(document.paths)) paths[nameOf(copy, name)] = copyOf(item, copy);
  }
  writeFileSync(file, JSON.stringify({ ...document, paths }));

  const table = path.join(folder, 'dist', 'generated', 'operations.js');
  const features = path.join(folder, 'dist', 'src', 'features', 'features.js');
  writeFileSync(
    table,
    `${readFileSync(table, 'utf8').replace('export const operations', 'const once')}
export const operations = Object.fromEntries(Array.from({ length: ${copies} }, (_, copy) =>
  Object.entries(once).map(([id, operation]) => {
    if (copy === 0) return [id, operation];
    const path = '/copies/' + copy + operation.path;
    return [id + copy, { ...operation, path, fullPath: operation.fullPath.replace(operation.path, path) }];
  })).flat());\n`,
  );
  const source = readFileSync(features, 'utf8');
  const once = source
    .replace('export function handlersOf', 'function once')
    .replace('export function gather', 'function gatherOnce');
  writeFileSync(
    features,
    `${once}
const ofOriginal = (named) => new Proxy(named, { get: (all, id) => all[id.replace(/\\d+$/, '')] });
export function handlersOf(features) {
  return ofOriginal(once(features));
}
export function gather(features, part) {
  const all = gatherOnce(features, part);
  return part === 'repeatRules' ? ofOriginal(all) : all;
}\n`,
  );
  await buildServer(folder);
  return folder;
}

function nameOf(copy: number, name: string): string {
  return copy ? `/copies/${copy}${name}` : name;
}

function copyOf(item: Document['paths'][string], copy: number): Document['paths'][string] {
  const result = structuredClone(item);
  for (const operation of Object.values(result)) {
    if (!operation.operationId) continue;
    if (copy) operation.operationId += String(copy);
    const [some] = Object.values(operation.responses);
    for (let status = 460; Object.keys(operation.responses).length < 10; status++) operation.responses[status] = some;
  }
  return result;
}
