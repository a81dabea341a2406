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

/** The version that says that clients of `released` break, if they do and `current` does not say so. */
export function versionMissing(
  released: string,
  current: string,
  changes: readonly ContractChange[],
): string | undefined {
  if (!changes.some(({ level }) => level === 'breaking')) return undefined;
  const required = nextVersion(released, changes);
  return required && compareVersions(current, required) < 0 ? required : undefined;
}

/**
 * The version to release: the one that was asked for, or the newer of `current` and the lowest that the changes allow. Throws an error
 * that says why there is none.
 */
export function versionToRelease(
  released: string,
  current: string,
  changes: readonly ContractChange[],
  asked?: string,
): string {
  const required = nextVersion(released, changes);
  const version = asked ?? (required && compareVersions(required, current) > 0 ? required : current);
  if (compareVersions(version, released) <= 0) {
    throw new Error(
      asked
        ? `${released} is released already; the next version is ${required ?? 'newer'}`
        : `nothing changed since ${released}; name a version to release it anyway`,
    );
  }
  if (required && compareVersions(version, required) < 0) {
    throw new Error(
      `${version} is too low for the changes since ${released}, which need ${required}; see contract:diff`,
    );
  }
  return version;
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
