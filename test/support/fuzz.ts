/** FUZZ_RUNS sets the number of cases per operation; FUZZ_SEED repeats a run. */
import type { Parameters } from 'fast-check';

const defaultRuns = 16;

export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
export const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? defaultRuns);

/** For a suite's title, so that each failure shows how to repeat it. */
export const fuzzTitle = `(FUZZ_SEED=${fuzzSeed} FUZZ_RUNS=${fuzzRuns})`;

/** Parameters for `fc.assert`; `share` is the fraction of FUZZ_RUNS. */
export function fuzzParameters(share = 1): Parameters<unknown> {
  return { seed: fuzzSeed, numRuns: Math.max(1, Math.round(fuzzRuns * share)) };
}

/** The timeout of a suite that needs `milliseconds` for the default number of runs. */
export function fuzzTimeout(milliseconds: number): number {
  return Math.max(1, fuzzRuns / defaultRuns) * milliseconds;
}
