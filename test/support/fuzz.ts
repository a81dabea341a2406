/** How much to make up, and from which seed: FUZZ_RUNS is the number of cases of an operation, FUZZ_SEED repeats a run. */
import type { Parameters } from 'fast-check';

const usualRuns = 200;

export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
export const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? usualRuns);

/** What a suite's title says, so that it stands at the start of the suite and in each failure. */
export const fuzzTitle = `(FUZZ_SEED=${fuzzSeed} FUZZ_RUNS=${fuzzRuns})`;

/** Parameters for `fc.assert`; `share` is the part of the runs that a property takes. */
export function fuzzParameters(share = 1): Parameters<unknown> {
  return { seed: fuzzSeed, numRuns: Math.max(1, Math.round(fuzzRuns * share)) };
}

/** How long a suite may take that takes `milliseconds` with the usual number of runs. */
export function fuzzTimeout(milliseconds: number): number {
  return Math.max(1, fuzzRuns / usualRuns) * milliseconds;
}
