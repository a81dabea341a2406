/** What the tests have seen of the contract, in a file that all of mocha's processes add to. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const trafficFile = path.resolve('coverage', 'traffic.ndjson');

/** One documented response that a test produced. */
export interface Sighting {
  readonly operation: string;
  readonly status: number;
  /** `''` for a response without a body. */
  readonly mediaType: string;
}

export function recordSighting(sighting: Sighting): void {
  appendFileSync(trafficFile, `${JSON.stringify(sighting)}\n`);
}

export function readSightings(): Sighting[] {
  const lines = readFileSync(trafficFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Sighting);
}
