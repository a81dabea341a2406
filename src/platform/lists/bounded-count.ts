/** A count that stopped at a bound, unless it is exact: then there are at least as many. */
export interface BoundedCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** What is known after counting up to one more than the bound. */
export function boundCount(counted: number, bound: number): BoundedCount {
  const count = Math.min(counted, bound);
  return { count, isExact: count === counted };
}
