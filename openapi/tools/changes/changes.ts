/** Compares two bundled contracts: what changed, and what would break clients of the older one. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { accessChanges } from './access-changes.ts';
import { describeFinding, placeOf, type Finding } from './change-sentences.ts';
import { indexContract, isObject, type BundledContract, type ContractIndex } from './contract-index.ts';
import { problemChanges } from './problem-changes.ts';
import { runRedocly } from '../redocly.ts';
import { wordChanges } from './word-changes.ts';

/** One change between two contracts. */
export interface ContractChange {
  readonly level: 'breaking' | 'compatible';
  readonly kind: 'added' | 'changed' | 'deprecated' | 'removed' | 'reworded';
  /** The affected operations, such as `GET /users`; empty if it belongs to none. */
  readonly operations: readonly string[];
  /** What changed, in a sentence. */
  readonly text: string;
}

interface RatedFinding extends Finding {
  readonly verdicts: readonly { ruleId: string; impact: string }[];
}

const rules = path.join(import.meta.dirname, 'redocly-diff.yaml');
const wordProperties = new Set(['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'x-message']);
const wordTypes = new Set(['Info', 'Contact', 'License', 'Tag', 'TagList', 'ExternalDocs', 'Example', 'ExamplesMap']);
const kinds = ['removed', 'changed', 'deprecated', 'added', 'reworded'];

/** Reads a bundled contract. */
export async function readContract(file: string): Promise<BundledContract> {
  return JSON.parse(await readFile(file, 'utf8')) as BundledContract;
}

/** The changes from one bundled contract to another, breaking ones first. A new version alone does not count. */
export async function compareContracts(baseFile: string, revisionFile: string): Promise<ContractChange[]> {
  const [base, revision] = (await Promise.all([readContract(baseFile), readContract(revisionFile)])).map(indexContract);
  if (!base || !revision) throw new Error('compareContracts needs two contracts');
  const options = ['--config', rules, '--format', 'json', '--fail-on', 'none'];
  const report = JSON.parse(await runRedocly('diff', baseFile, revisionFile, ...options)) as {
    changes: RatedFinding[];
  };
  const found = report.changes.flatMap((finding) => judge(finding, base, revision));
  const ours = [
    ...accessChanges(base.document, revision.document),
    ...wordChanges(base, revision),
    ...problemChanges(base, revision),
  ];
  return [...found, ...ours].sort(byWeight);
}

function judge(finding: RatedFinding, base: ContractIndex, revision: ContractIndex): ContractChange[] {
  const isOfAccess = finding.typeName.startsWith('SecurityRequirement') || finding.path.includes('/x-assurance');
  const isVersion = finding.typeName === 'Info' && finding.property === 'version';
  if (isOfAccess || isVersion || isOfSamples(finding) || isOfProblems(finding) || isOfOpenEnum(finding, revision))
    return [];
  const text = describeFinding(finding, base, revision);
  if (text === undefined) return [];
  const operations = (finding.kind === 'removed' ? base : revision).operationsAt(placeOf(finding));
  return [{ level: isBreaking(finding) ? 'breaking' : 'compatible', kind: kindOf(finding), operations, text }];
}

// Samples are derived from the rest of the contract, and added only by generate.
function isOfSamples({ property, path: reached, base, revision }: RatedFinding): boolean {
  return [property, base?.pointer, revision?.pointer, reached].some((place) => place?.includes('x-codeSamples'));
}

// Compared in problem-changes.ts.
function isOfProblems({ path: reached, base, revision }: RatedFinding): boolean {
  return /\/x-(problems|messages)(\/|$)/.test(revision?.pointer ?? base?.pointer ?? reached);
}

// Compared in word-changes.ts.
function isOfOpenEnum({ property, path: reached, base, revision }: RatedFinding, { partAt }: ContractIndex): boolean {
  const pointer = revision?.pointer ?? base?.pointer ?? reached;
  if (property === 'x-extensible-enum' || pointer.endsWith('/x-extensible-enum')) return true;
  const schema = property === 'enum' ? partAt(pointer.replace(/\/enum$/, '')) : undefined;
  return isObject(schema) && 'x-extensible-enum' in schema;
}

function isBreaking({ property, verdicts, base }: RatedFinding): boolean {
  // Redocly has no rule for defaults, but clients that leave the value out get a different response.
  if (property === 'default') return base?.value !== undefined;
  return verdicts.some(({ impact }) => impact === 'major');
}

function kindOf({ kind, typeName, property = '', revision }: Finding): ContractChange['kind'] {
  if (wordTypes.has(typeName) || wordProperties.has(property)) return 'reworded';
  if (kind !== 'modified') return kind;
  return property === 'deprecated' && revision?.value === true ? 'deprecated' : 'changed';
}

function byWeight(one: ContractChange, other: ContractChange): number {
  const rank = ({ level, kind }: ContractChange) => (level === 'breaking' ? 0 : kinds.length) + kinds.indexOf(kind);
  return rank(one) - rank(other) || one.operations.join().localeCompare(other.operations.join());
}
