/** Changes in open enums (`x-extensible-enum`), which Redocly does not compare. */
import { isObject, type ContractIndex } from './contract-index.ts';
import type { ContractChange } from './changes.ts';

type Change = Pick<ContractChange, 'level' | 'text'>;

/** Values that named schemas in both contracts gained or lost, and enums that were opened or closed. */
export function wordChanges(base: ContractIndex, revision: ContractIndex): ContractChange[] {
  const schemas = revision.document.components?.['schemas'] ?? {};
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const [before, after] = [base.partAt(`#/components/schemas/${name}`), schema];
    if (!isObject(before) || !isObject(after)) return [];
    const operations = revision.operationsAt(`#/components/schemas/${name}`);
    return compare(name, before, after).map((change) => ({ kind: 'changed' as const, operations, ...change }));
  });
}

function compare(name: string, before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  if (!now) return old ? [{ level: 'compatible', text: `\`${name}\` no longer gets new values.` }] : [];
  if (!old) return [{ level: 'breaking', text: `\`${name}\` may now get new values.` }];
  const said = ([verb, words]: [string, string[]]): Change[] =>
    words.length > 0
      ? [{ level: 'compatible', text: `\`${name}\` ${verb} ${words.map((word) => `\`${word}\``).join(', ')}.` }]
      : [];
  return [
    ...said(['gained', now.filter((word) => !old.includes(word))]),
    ...said(['lost', old.filter((word) => !now.includes(word))]),
  ];
}

// An open enum used to be an enum with `x-extensible-enum: true`.
function wordsOf(schema: Record<string, unknown>): string[] | undefined {
  const { 'x-extensible-enum': open, enum: listed } = schema;
  const words = open === true ? listed : open;
  return Array.isArray(words) ? words.map(String) : undefined;
}
