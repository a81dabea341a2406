/** Changes in the texts of errors (`x-problems`, `x-messages`), which Redocly does not compare. */
import { isObject, type ContractIndex } from './contract-index.ts';
import type { ContractChange } from './changes.ts';

/** The codes and rules that both contracts have and describe differently; word-changes.ts reports new and missing ones. */
export function problemChanges(base: ContractIndex, revision: ContractIndex): ContractChange[] {
  return Object.keys(revision.document.components?.['schemas'] ?? {}).flatMap((name) => {
    const pointer = `#/components/schemas/${name}`;
    const operations = revision.operationsAt(pointer);
    return ['x-problems', 'x-messages']
      .flatMap((extension) =>
        compare(base.partAt(`${pointer}/${extension}`), revision.partAt(`${pointer}/${extension}`)),
      )
      .map((change) => ({ operations, ...change }));
  });
}

function compare(before: unknown, after: unknown): Omit<ContractChange, 'operations'>[] {
  if (!isObject(before) || !isObject(after)) return [];
  return Object.keys(after)
    .filter((name) => name in before && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => {
      const [old, now] = [before[name], after[name]].map((entry) => (isObject(entry) ? entry['status'] : undefined));
      if (old === now) return { level: 'compatible', kind: 'reworded', text: `\`${name}\` was reworded.` };
      const text = `the status of \`${name}\` changed from \`${String(old)}\` to \`${String(now)}\`.`;
      return { level: 'breaking', kind: 'changed', text };
    });
}
