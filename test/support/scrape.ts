/** Reads metrics as an operator's Prometheus would. */

/** Values in Prometheus' text format, by series: `name{label="value"}`. */
export function parseMetrics(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

export async function scrape(origin: string): Promise<Map<string, number>> {
  const answer = await fetch(`${origin}/metrics`);
  if (answer.status !== 200) throw new Error(`the scrape was answered ${answer.status}`);
  return parseMetrics(await answer.text());
}
