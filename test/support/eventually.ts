/** Waiting for a condition, with a deadline. */
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with what `look` finds as soon as it finds something. Throws after `patienceMs`, with what `look` threw last. */
export async function eventually<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  patienceMs = 20_000,
): Promise<Found> {
  let cause: unknown;
  for (const end = performance.now() + patienceMs; performance.now() < end; await pause(20)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`${what}: not within ${patienceMs} ms`, { cause });
}
