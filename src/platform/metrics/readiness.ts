import { setTimeout as after } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

export const readinessMetric = 'latchkey_ready';

/** How long a scrape waits for the look that it begins, and how long a look may take, in milliseconds. */
const waitMs = 500;
const patienceMs = 3000;

/**
 * Looks at readiness at each scrape, so that the gauge holds without traffic and without probes; `check` throws when the process is
 * not ready. What a slow look found is told by the next scrape.
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
    // Workers share the port: one that can't answer fails its share of the requests.
    aggregator: 'min',
    async collect() {
      const { begun, ended } = (look ??= begin());
      const isPending = await Promise.race([ended.then(() => false), after(waitMs, true, { ref: false })]);
      const isStuck = isPending && performance.now() - begun > patienceMs;
      this.set(Number(isReady && !isStuck));
    },
  });
}
