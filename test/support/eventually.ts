/** Waits for a condition, with a deadline. */
import { setTimeout as pause } from 'node:timers/promises';

/** Polls `look` and resolves with the first truthy value. After `timeoutMs`, throws with the last error of `look` as its cause. */
export async function eventually<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  timeoutMs = 60_000,
): Promise<Found> {
  let cause: unknown;
  for (const end = performance.now() + timeoutMs; performance.now() < end; await pause(20)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`gave up after ${timeoutMs} ms waiting until ${what}`, { cause });
}
