/** Writes changes of the contract for people. */
import type { ContractChange } from './changes.ts';

const sections = { added: 'Added', changed: 'Changed', deprecated: 'Deprecated', removed: 'Removed' } as const;
const mostNamed = 3;

/** The changes as a list for the terminal: breaking, added, changed. */
export function changeReport(changes: readonly ContractChange[]): string {
  const breaking = changes.filter(({ level }) => level === 'breaking');
  const compatible = changes.filter(({ level }) => level === 'compatible');
  const added = compatible.filter(({ kind }) => kind === 'added');
  const changed = compatible.filter(({ kind }) => kind !== 'added');
  return [group('Breaking', breaking), group('Added', added), group('Changed', changed)].filter(Boolean).join('\n');
}

const unreleased = /^## Unreleased\n/m;

/** The changelog with a new section on top for a release, which takes over what was under "Unreleased". */
export function withRelease(
  changelog: string,
  version: string,
  date: string,
  changes: readonly ContractChange[],
): string {
  const found = changelog.search(/^## /m);
  const place = found < 0 ? changelog.length : found;
  const before = changelog.slice(0, place).trimEnd();
  const after = changelog.slice(place).replace(unreleased, '').trim();
  return `${[before, releaseSection(version, date, changes).trimEnd(), after].filter(Boolean).join('\n\n')}\n`;
}

function releaseSection(version: string, date: string, changes: readonly ContractChange[]): string {
  const parts = Object.entries(sections).map(([kind, title]) => {
    const lines = changes.filter((change) => change.kind === kind).map((change) => `- ${mark(change)}${line(change)}`);
    const reworded = kind === 'changed' ? changes.filter((change) => change.kind === 'reworded').length : 0;
    if (reworded > 0) lines.push(`- Descriptions and examples were reworded in ${places(reworded)}.`);
    return lines.length > 0 ? `### ${title}\n\n${lines.join('\n')}\n` : '';
  });
  const body = parts.filter(Boolean).join('\n') || 'The contract is the same.\n';
  return `## [${version}] - ${date}\n\n${body}`;
}

function group(title: string, changes: ContractChange[]): string {
  return changes.length > 0 ? `${title}\n${changes.map((change) => `- ${line(change)}\n`).join('')}` : '';
}

function mark({ level }: ContractChange): string {
  return level === 'breaking' ? '**Breaking.** ' : '';
}

function line({ operations, text }: ContractChange): string {
  if (operations.length === 0) return `The whole contract: ${text}`;
  if (operations.length <= mostNamed) return `${operations.join(', ')}: ${text}`;
  return `${operations.slice(0, mostNamed - 1).join(', ')} and ${operations.length - mostNamed + 1} more: ${text}`;
}

function places(count: number): string {
  return count === 1 ? 'one place' : `${count} places`;
}
