/** What changes mean for the contract's version, by semantic versioning (https://semver.org). */
import type { ContractChange } from './changes.ts';

type Version = readonly [major: number, minor: number, patch: number];

/** The lowest version after `released` that these changes allow; undefined if nothing changed. */
export function nextVersion(released: string, changes: readonly ContractChange[]): string | undefined {
  if (changes.length === 0) return undefined;
  const [major, minor, patch] = parseVersion(released);
  const isBreaking = changes.some(({ level }) => level === 'breaking');
  const isSeen = changes.some(({ kind }) => kind !== 'reworded');
  // Before 1.0.0, a breaking change raises the minor number.
  if (major === 0) return isBreaking ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`;
  if (isBreaking) return `${major + 1}.0.0`;
  return isSeen ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** Negative if the first version is older than the second, 0 if they are the same, positive if it is newer. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [parseVersion(one), parseVersion(other)];
  return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
}

function parseVersion(version: string): Version {
  const [, major, minor, patch] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  if (!major || !minor || !patch) throw new Error(`"${version}" is not a version such as 1.2.3`);
  return [Number(major), Number(minor), Number(patch)];
}
