/** Waiting for a condition, with a deadline. */
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with what `look` finds as soon as it finds something. Throws after `patienceMs`. */
export async function eventually<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  patienceMs = 20_000,
): Promise<Found> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(20)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`${what}: not within ${patienceMs} ms`);
}
