/** Medians over several rounds, in which all contestants take turns. */

/** A figure over all rounds. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Runs each contestant once per round, in rotating order so that none always runs first. */
export async function inRounds<Name extends string, Result>(
  contestants: Record<Name, () => Promise<Result>>,
  rounds: number,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round++) {
    for (const index of names.keys()) {
      const name = names[(index + round) % names.length]!;
      results[name].push(await contestants[name]());
    }
  }
  return results;
}

export function figure(values: readonly number[]): Figure {
  const sorted = [...values].sort((one, other) => one - other);
  return { median: sorted[sorted.length >> 1]!, least: sorted[0]!, most: sorted.at(-1)! };
}

/** The median ratio of `one` to `other`, round by round, so that slowdowns of both cancel out. */
export function ratio(one: readonly number[], other: readonly number[]): number {
  return figure(one.map((value, round) => value / other[round]!)).median;
}
