/** What changes of the contract mean for its version, as https://semver.org says. */
import type { ContractChange } from './changes.ts';

type Version = readonly [major: number, minor: number, patch: number];

/** The least version after `released` that these changes may have; undefined when nothing changed. */
export function nextVersion(released: string, changes: readonly ContractChange[]): string | undefined {
  if (changes.length === 0) return undefined;
  const [major, minor, patch] = parseVersion(released);
  const isBreaking = changes.some(({ level }) => level === 'breaking');
  const isSeen = changes.some(({ kind }) => kind !== 'reworded');
  // Before 1.0.0 the minor number stands for what the major one is later.
  if (major === 0) return isBreaking ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`;
  if (isBreaking) return `${major + 1}.0.0`;
  return isSeen ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** Below, at or above 0, as the first version is older than, the same as or newer than the second. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [parseVersion(one), parseVersion(other)];
  return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
}

function parseVersion(version: string): Version {
  const [, major, minor, patch] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  if (!major || !minor || !patch) throw new Error(`"${version}" is not a version such as 1.2.3`);
  return [Number(major), Number(minor), Number(patch)];
}
