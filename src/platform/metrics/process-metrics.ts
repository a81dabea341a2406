import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

const resolutionMs = 10;
const quantiles = [0.5, 0.99, 1] as const;

/** Adds event loop delay and prom-client's process metrics; the returned function stops the monitoring. */
export function watchProcess(registry: Registry): () => void {
  collectDefaultMetrics({ register: registry });
  addStartTime(registry);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  new Gauge({
    name: 'latchkey_event_loop_delay_seconds',
    help: 'Event loop delay since the last scrape',
    labelNames: ['quantile'],
    registers: [registry],
    // The slowest process counts: a mean would hide it.
    aggregator: 'max',
    collect() {
      for (const quantile of quantiles) {
        // Node's samples include the sampling interval.
        const late = delay.count === 0 ? 0 : delay.percentile(quantile * 100) / 1e9 - resolutionMs / 1000;
        this.set({ quantile: String(quantile) }, Math.max(0, late));
      }
      delay.reset();
    },
  });
  return () => delay.disable();
}

// prom-client omits its own when it aggregates processes; the earliest start is that of the server.
function addStartTime(registry: Registry): void {
  const name = 'process_start_time_seconds';
  registry.removeSingleMetric(name);
  new Gauge({
    name,
    help: 'Start time of the process since unix epoch in seconds.',
    registers: [registry],
    aggregator: 'min',
  }).set(Math.round(Date.now() / 1000 - process.uptime()));
}
