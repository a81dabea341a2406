import { setTimeout as after } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

export const readinessMetric = 'latchkey_ready';

/** How long a scrape waits for a check, and when a check counts as stuck, in milliseconds. */
const waitMs = 500;
const stuckMs = 3000;

/**
 * Checks readiness at each scrape, so that the gauge is right without traffic or probes; `check` throws if the process is not ready.
 * The next scrape reports the result of a slow check.
 */
export function watchReadiness(registers: Registry[], check: () => Promise<void>): void {
  let isReady = false;
  let look: { readonly begun: number; readonly ended: Promise<void> } | undefined;
  const begin = () => ({
    begun: performance.now(),
    ended: check().then(
      () => conclude(true),
      () => conclude(false),
    ),
  });
  const conclude = (found: boolean) => {
    isReady = found;
    look = undefined;
  };
  new Gauge({
    name: readinessMetric,
    help: '1 while requests can be answered, 0 while they cannot',
    registers,
    // Workers share the port, so one that is not ready fails its share of the requests.
    aggregator: 'min',
    async collect() {
      const { begun, ended } = (look ??= begin());
      const isPending = await Promise.race([ended.then(() => false), after(waitMs, true, { ref: false })]);
      const isStuck = isPending && performance.now() - begun > stuckMs;
      this.set(Number(isReady && !isStuck));
    },
  });
}
