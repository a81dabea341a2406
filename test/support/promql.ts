/** Finds the series and labels in a PromQL expression. */

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset']);
const groupings = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** The series that an expression selects. */
export function selectorsOf(expression: string): Selector[] {
  const bare = expression.replace(groupings, ' ').replace(/\[[^\]]*\]/g, ' ');
  return [...bare.matchAll(/\b([a-z_][\w:]*)\b(?!\s*\()(?:\s*\{([^}]*)\})?/gi)]
    .filter(([, metric = '']) => !keywords.has(metric))
    .map(([, metric = '', inside = '']) => ({ metric, matchers: matchersOf(inside) }));
}

/** The labels by which an expression groups or joins. */
export function groupingLabelsOf(expression: string): string[] {
  return [...expression.matchAll(groupings)].flatMap(([, labels = '']) => labels.split(',').map((each) => each.trim()));
}

/** The labels of a series as Prometheus writes it: `name{label="value"}`. */
export function parseSeries(series: string): { metric: string; labels: Record<string, string> } {
  const [, metric = '', inside = ''] = /^([\w:]+)(?:\{(.*)\})?$/.exec(series) ?? [];
  return { metric, labels: Object.fromEntries(matchersOf(inside).map(({ label, value }) => [label, value])) };
}

function matchersOf(inside: string): Selector['matchers'] {
  return [...inside.matchAll(/([a-z_]\w*)\s*(=~|!~|!=|=)\s*"([^"]*)"/gi)].map(
    ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
  );
}
