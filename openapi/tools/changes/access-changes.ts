/** Changes in who may call an operation. Redocly knows neither the order of the roles nor `x-assurance`. */
import { isDeepStrictEqual } from 'node:util';
import { readAccessPolicy, type AccessPolicy, type Assurance, type Requirement } from '../../../src/access/security.ts';
import { holdsRole } from '../../../src/access/user.ts';
import type { ContractChange } from './changes.ts';
import { operationsIn, type BundledContract } from './contract-index.ts';

type Change = Pick<ContractChange, 'level' | 'text'>;

/** Changes of `security`, `x-assurance` and `x-without-second-factor`, in operations that both contracts have. */
export function accessChanges(base: BundledContract, revision: BundledContract): ContractChange[] {
  const before = new Map(policiesOf(base));
  return [...policiesOf(revision)].flatMap(([key, { name, policy }]) => {
    const old = before.get(key)?.policy;
    if (!old) return [];
    const changes = [
      ...compareAccess(old.access, policy.access),
      ...compareAssurance(old, policy),
      ...compareSecondFactor(old, policy),
    ];
    return changes.map((change) => ({ kind: 'changed' as const, operations: [name], ...change }));
  });
}

function* policiesOf(document: BundledContract): Generator<[string, { name: string; policy: AccessPolicy }]> {
  for (const { name, operation } of operationsIn(document)) {
    // Renaming a path parameter leaves the operation the same.
    yield [name.replaceAll(/\{[^}]+\}/g, '{}'), { name, policy: readAccessPolicy(operation, document) }];
  }
}

function compareAccess(before: AccessPolicy['access'], after: AccessPolicy['access']): Change[] {
  if (before === 'public')
    return after === 'public' ? [] : [breaking(`it needs ${namesOf(after)} now; it was open to everyone.`)];
  if (after === 'public') return [compatible(`it is open to everyone now; it needed ${namesOf(before)}.`)];
  const added = after.filter(({ scheme }) => !before.some((one) => one.scheme === scheme));
  return [
    ...before.flatMap((one) => compareRequirement(one, after)),
    ...added.map((one) => compatible(`${one.scheme} with ${nameOf(one)} may call it too.`)),
  ];
}

function compareRequirement(before: Requirement, alternatives: readonly Requirement[]): Change[] {
  const after = alternatives.find(({ scheme }) => scheme === before.scheme);
  if (!after) return [breaking(`${before.scheme} may no longer call it.`)];
  if (nameOf(before) === nameOf(after)) return [];
  if ('leastRole' in before && 'leastRole' in after) {
    const [old, now] = [before.leastRole, after.leastRole];
    if (holdsRole(old, now)) return [compatible(`the least role fell from \`${old}\` to \`${now}\`.`)];
    return [breaking(`the least role rose from \`${old}\` to \`${now}\`.`)];
  }
  const isEnough = 'scopes' in before && 'scopes' in after && after.scopes.every((one) => before.scopes.includes(one));
  const text = `${before.scheme} needs ${nameOf(after)} now; it needed ${nameOf(before)}.`;
  return [isEnough ? compatible(text) : breaking(text)];
}

function compareAssurance({ assurance: before }: AccessPolicy, { assurance: after }: AccessPolicy): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!after) return [compatible('it can be called however long ago the sign-in was.')];
  const isWider = before !== null && asksForAll(before, after);
  const text = `it needs a sign-in within the last ${after.maxAgeSeconds} seconds now${bodiesOf(after)}.`;
  return [!isWider || after.maxAgeSeconds < before.maxAgeSeconds ? breaking(text) : compatible(text)];
}

function compareSecondFactor({ withoutSecondFactor: before }: AccessPolicy, after: AccessPolicy): Change[] {
  if (!before || after.withoutSecondFactor || after.access === 'public') return [];
  return [breaking('roles that need a second factor can no longer call it without.')];
}

/** Whether one assurance already asked in every case in which the other does. */
function asksForAll({ onlyFor: before }: Assurance, { onlyFor: after }: Assurance): boolean {
  if (!before) return true;
  return Object.entries(after ?? { '': 'any' as const }).every(([field, values]) => {
    const old = before[field];
    return old === 'any' || (old !== undefined && values !== 'any' && values.every((value) => old.includes(value)));
  });
}

function bodiesOf({ onlyFor }: Assurance): string {
  if (!onlyFor) return '';
  const fields = Object.entries(onlyFor).map(([field, values]) =>
    values === 'any' ? `\`${field}\`` : `\`${field}\` ${values.join(', ')}`,
  );
  return `, if the body has ${fields.join(' or ')}`;
}

function namesOf(access: readonly Requirement[]): string {
  return access.map(nameOf).join(' or ');
}

function nameOf(requirement: Requirement): string {
  if ('leastRole' in requirement) return `the role \`${requirement.leastRole}\``;
  return `the scope ${[...requirement.scopes]
    .sort()
    .map((scope) => `\`${scope}\``)
    .join(' and ')}`;
}

function breaking(text: string): Change {
  return { level: 'breaking', text };
}

function compatible(text: string): Change {
  return { level: 'compatible', text };
}
