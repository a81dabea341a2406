/** Where the CPU time of `GET /auth/me` goes, by package, for Latchkey and for the floor. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { basePath, startBaseline, startLatchkey, type Bench, type Program } from './service.ts';
import { beginSessions } from './sessions.ts';

/** Microseconds per request, by where they were spent. */
export type Profile = ReadonlyMap<string, number>;

/** V8's CPU profile: a tree of functions and the sampled one at each time. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

const warmUpSeconds = 3;
const seconds = 10;
const connections = 32;

/** Profiles both under the same load, one after the other. */
export async function measureProfile(bench: Bench, say: (text: string) => void): Promise<Record<string, Profile>> {
  say('GET /auth/me of Latchkey, sampled');
  const latchkey = await sample(bench, 'latchkey', (options) => startLatchkey(bench, { options }));
  say('the same of node:http + pg');
  const floor = await sample(bench, 'floor', (options) => startBaseline(bench, 'node', { options }));
  return { Latchkey: latchkey, 'node:http + pg': floor };
}

async function sample(bench: Bench, name: string, start: (options: string[]) => Promise<Program>): Promise<Profile> {
  const folder = path.join(bench.folder, name);
  const program = await start(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const accessTokens = (await beginSessions(bench.variables, connections)).map(({ accessToken }) => accessToken);
  const load = { url: `${program.origin}${basePath}/auth/me`, accessTokens, connections };
  await bench.measure({ ...load, seconds: warmUpSeconds });
  const began = performance.now();
  const { perSecond } = await bench.measure({ ...load, seconds });
  await program.stop();
  const [file = ''] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile;
  return spent(profile, performance.now() - began, perSecond * seconds);
}

/** The time spent in the last milliseconds of a profile; each sample's function is assumed to run until the next sample. */
function spent({ nodes, samples, timeDeltas }: CpuProfile, lastMs: number, requests: number): Profile {
  const places = placesOf(nodes);
  const times = new Map<string, number>();
  let left = lastMs * 1000;
  for (let index = samples.length - 2; index >= 0 && left > 0; index--) {
    const time = timeDeltas[index + 1] ?? 0;
    left -= time;
    const place = places.get(samples[index]!);
    if (place) times.set(place, (times.get(place) ?? 0) + time / requests);
  }
  return times;
}

function placesOf(nodes: readonly ProfileNode[]): Map<number, string | undefined> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, string | undefined>();
  const visit = (node: ProfileNode, isUnderPg: boolean): void => {
    const below = isUnderPg || node.callFrame.url.includes('node_modules/pg');
    places.set(node.id, placeOf(node.callFrame, below));
    for (const child of node.children ?? []) visit(byId.get(child)!, below);
  };
  visit(nodes[0]!, false);
  return places;
}

function placeOf({ functionName, url }: ProfileNode['callFrame'], isUnderPg: boolean): string | undefined {
  if (functionName === '(idle)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (/^write(v|Buffer|\w+String)$/.test(functionName))
    return isUnderPg ? 'writing to PostgreSQL' : 'writing to clients';
  const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1];
  if (packageName) return packageName;
  if (url.startsWith('node:')) return "Node's own modules";
  return url === '' ? "V8 and Node's native code" : 'this code';
}
