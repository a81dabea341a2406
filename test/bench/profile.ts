/** Where the processor's time of `GET /auth/me` goes, by package: of Latchkey, and of the floor beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { basePath, signIn, startBaseline, startLatchkey, type Bench, type Program } from './service.ts';

/** Microseconds of a request, by where they were spent. */
export type Profile = ReadonlyMap<string, number>;

/** What V8 writes when it samples: a tree of functions, and how often each was the one that ran. */
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

const seconds = 10;
const connections = 32;

/** Samples both under the same load, one after the other. */
export async function measureProfile(bench: Bench, say: (text: string) => void): Promise<Record<string, Profile>> {
  say('GET /auth/me of Latchkey, sampled');
  const latchkey = await startLatchkey(bench, { options: optionsFor(bench, 'latchkey') });
  const { access } = await signIn(latchkey, bench);
  const ofLatchkey = await sample(bench, 'latchkey', latchkey, access);
  say('the same of node:http + pg');
  const floor = await startBaseline(bench, 'node', { options: optionsFor(bench, 'floor') });
  return { Latchkey: ofLatchkey, 'node:http + pg': await sample(bench, 'floor', floor, access) };
}

const optionsFor = ({ folder }: Bench, name: string) => ['--cpu-prof', `--cpu-prof-dir=${path.join(folder, name)}`];

async function sample(bench: Bench, name: string, program: Program, access: string): Promise<Profile> {
  const headers = { Authorization: `Bearer ${access}` };
  const { perSecond } = await bench.measure({
    url: `${program.origin}${basePath}/auth/me`,
    headers,
    connections,
    seconds,
  });
  await program.stop();
  const folder = path.join(bench.folder, name);
  const profiles = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return spent(JSON.parse(profiles[0] ?? '') as CpuProfile, perSecond * seconds);
}

/** The time between two samples belongs to the function that the first of them found. */
function spent({ nodes, samples, timeDeltas }: CpuProfile, requests: number): Profile {
  const places = placesOf(nodes);
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const place = places.get(id);
    if (place) times.set(place, (times.get(place) ?? 0) + (timeDeltas[index + 1] ?? 0) / requests);
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
