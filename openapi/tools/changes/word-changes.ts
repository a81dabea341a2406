/** What changed in the words of open enums (`x-extensible-enum`), which Redocly does not look into. */
import { isObject, type ContractIndex } from './contract-index.ts';
import type { ContractChange } from './changes.ts';

type Change = Pick<ContractChange, 'level' | 'text'>;

/** The changes of words in the named schemas that both contracts have, and of whether readers must expect new ones. */
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
  if (!now) return old ? [{ level: 'compatible', text: `\`${name}\` gets no new words any more.` }] : [];
  if (!old) return [{ level: 'breaking', text: `\`${name}\` may get new words; it was closed.` }];
  const said = ([verb, words]: [string, string[]]): Change[] =>
    words.length > 0
      ? [{ level: 'compatible', text: `\`${name}\` ${verb} ${words.map((word) => `\`${word}\``).join(', ')}.` }]
      : [];
  return [
    ...said(['gained', now.filter((word) => !old.includes(word))]),
    ...said(['lost', old.filter((word) => !now.includes(word))]),
  ];
}

// Once, an open enum was an enum that said `x-extensible-enum: true`.
function wordsOf(schema: Record<string, unknown>): string[] | undefined {
  const { 'x-extensible-enum': open, enum: listed } = schema;
  const words = open === true ? listed : open;
  return Array.isArray(words) ? words.map(String) : undefined;
}
