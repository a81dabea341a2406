/** What changed in who may call an operation. To Redocly the roles are words without an order, and `x-self` says nothing. */
import { operationsIn, type BundledContract } from './contract-index.ts';
import type { ContractChange } from './changes.ts';

interface Access {
  /** The place of the least role in `roles`; -1 when everyone may call. */
  readonly rank: number;
  readonly admitsSelf: boolean;
}

const roles = ['user', 'moderator', 'admin'];

/** The changes of least role and of `x-self` in the operations that both contracts have. */
export function accessChanges(base: BundledContract, revision: BundledContract): ContractChange[] {
  const before = new Map(accessesOf(base));
  return [...accessesOf(revision)].flatMap(([key, { name, access }]) => {
    const old = before.get(key);
    if (!old) return [];
    return compare(old.access, access).map((change) => ({ kind: 'changed' as const, operations: [name], ...change }));
  });
}

function compare(before: Access, after: Access): Pick<ContractChange, 'level' | 'text'>[] {
  const changes: Pick<ContractChange, 'level' | 'text'>[] = [];
  if (before.rank !== after.rank) {
    changes.push({ level: after.rank > before.rank ? 'breaking' : 'compatible', text: describe(before, after) });
  }
  // For the role `user` and for everyone, `x-self` admits nobody who is not admitted anyway.
  if (before.admitsSelf && !after.admitsSelf && after.rank > 0) {
    changes.push({ level: 'breaking', text: 'users may no longer call it for themselves.' });
  }
  if (!before.admitsSelf && after.admitsSelf && after.rank > 0) {
    changes.push({ level: 'compatible', text: 'users may call it for themselves.' });
  }
  return changes;
}

function describe(before: Access, after: Access): string {
  const [old, now] = [roles[before.rank], roles[after.rank]];
  if (!old) return `it needs the role \`${String(now)}\` now; it was open to everyone.`;
  if (!now) return `it is open to everyone now; it needed the role \`${old}\`.`;
  return `the least role ${after.rank > before.rank ? 'rose' : 'fell'} from \`${old}\` to \`${now}\`.`;
}

function* accessesOf(document: BundledContract): Generator<[string, { name: string; access: Access }]> {
  for (const { name, operation } of operationsIn(document)) {
    const security = (operation['security'] ?? document.security ?? []) as Record<string, string[]>[];
    const access = { rank: rankOf(name, security), admitsSelf: operation['x-self'] !== undefined };
    // A path parameter may get another name; it stays the same operation.
    yield [name.replaceAll(/\{[^}]+\}/g, '{}'), { name, access }];
  }
}

function rankOf(name: string, [requirement, ...others]: Record<string, string[]>[]): number {
  if (!requirement) return -1;
  const [role = '', ...otherRoles] = requirement['bearerAuth'] ?? [];
  const rank = roles.indexOf(role);
  if (rank < 0 || others.length + otherRoles.length > 0) {
    throw new Error(`${name}: security names bearerAuth with one of ${roles.join(', ')}, or is empty`);
  }
  return rank;
}
