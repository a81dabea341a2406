/** Writes changes of the contract for its readers. */
import type { ContractChange } from './changes.ts';

const introduction = `# Changelog

What changes for the clients of the contract, and what else is worth knowing, by release. The form is that of
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow [Semantic Versioning](https://semver.org), where before 1.0.0 a
new minor version may break clients.
`;
const sections = { added: 'Added', changed: 'Changed', deprecated: 'Deprecated', removed: 'Removed' } as const;
const mostNamed = 3;

/** The changes as a list to read at a terminal: breaking, added, changed. */
export function changeReport(changes: readonly ContractChange[]): string {
  const breaking = changes.filter(({ level }) => level === 'breaking');
  const compatible = changes.filter(({ level }) => level === 'compatible');
  const added = compatible.filter(({ kind }) => kind === 'added');
  const changed = compatible.filter(({ kind }) => kind !== 'added');
  return [group('Breaking', breaking), group('Added', added), group('Changed', changed)].filter(Boolean).join('\n');
}

const unreleased = /^## Unreleased\n/m;

/** The changelog with a section for a release on top of those before it; what stood under "Unreleased" is in it. */
export function withRelease(
  changelog: string | undefined,
  version: string,
  date: string,
  changes: readonly ContractChange[],
): string {
  const text = changelog ?? introduction;
  const found = text.search(/^## /m);
  const place = found < 0 ? text.length : found;
  const before = text.slice(0, place).trimEnd();
  const after = text.slice(place).replace(unreleased, '').trim();
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
