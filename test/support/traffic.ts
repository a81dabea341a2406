/** The traffic of the tests, in files that all of mocha's processes append to. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const trafficFile = path.resolve('coverage', 'traffic.ndjson');
/** In the format of `redocly drift`. */
export const exchangesFile = path.resolve('coverage', 'exchanges.ndjson');

/** One documented response that a test produced. */
export interface Sighting {
  readonly operation: string;
  readonly status: number;
  /** `''` for a response without a body. */
  readonly mediaType: string;
}

/** One request to an operation, and its answer. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  };
}

export function recordSighting(sighting: Sighting): void {
  appendFileSync(trafficFile, `${JSON.stringify(sighting)}\n`);
}

export function readSightings(): Sighting[] {
  const lines = readFileSync(trafficFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Sighting);
}

// Tests send invalid requests on purpose; these statuses mean that one was refused, perhaps before it was validated.
const refusals = [400, 401, 403, 413, 415, 429];
const samples = 5;
const longest = 20_000; // characters
const sampled = new Map<string, number>();

/** Keeps the first few exchanges per operation and status in each process; a sample is enough. */
export function recordExchange(operation: string, exchange: Exchange): void {
  const { status } = exchange.response;
  const kind = `${operation} ${status}`;
  const count = sampled.get(kind) ?? 0;
  if (count >= samples || refusals.includes(status)) return;
  const line = JSON.stringify(exchange);
  if (line.length > longest) return;
  sampled.set(kind, count + 1);
  appendFileSync(exchangesFile, `${line}\n`);
}
