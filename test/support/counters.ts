/** What a counter of `/metrics` says. */
import type { TestApp } from './app.ts';

/** The counts of a counter with one label, by that label's values. */
export async function countsOf(app: TestApp, name: string): Promise<Record<string, number>> {
  const metrics = await app.context.metrics.snapshot();
  const { values = [] } = metrics.find((metric) => metric.name === name) ?? {};
  const counts = values as { labels: Record<string, string>; value: number }[];
  return Object.fromEntries(counts.map(({ labels, value }) => [Object.values(labels).join(), value]));
}
