// Prefixes that are unlikely to belong to any other program.
const ours =
  /^(?:CORS_|RATE_LIMIT(?=_|S?$)|(?:ACCESS|REFRESH)_TOKEN_TTL|BCRYPT_|HASHING_|SHUTDOWN_|DATABASE_(?:POOL|CONNECT|STATEMENT|PREPARED))/;
// Set by Kubernetes and Docker for a service with such a name.
const ofService = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/;

/** A variable that is set but not read, although it looks like one of ours, and what was probably meant. */
export interface Misspelt {
  readonly name: string;
  readonly meant: readonly string[];
}

/** Finds misspelt variables; `names` are those that are read. Names that could be another program's are ignored. */
export function misspeltVariables(variables: NodeJS.ProcessEnv, names: ReadonlySet<string>): Misspelt[] {
  return Object.keys(variables).flatMap((name) => {
    if (names.has(name) || ofService.test(name) || /^(tcp|udp):/.test(variables[name] ?? '')) return [];
    const meant = meantBy(name, [...names]);
    return meant.length === 0 ? [] : [{ name, meant }];
  });
}

function meantBy(name: string, names: readonly string[]): string[] {
  const upper = name.toUpperCase().replaceAll('-', '_');
  const bare = upper.replace(/^LATCHKEY_/, '').replace(/_FILE$/, '');
  const spellings = [upper, bare, upper.replace(/IES$/, 'Y')];
  const same = names.filter((candidate) =>
    [candidate, withoutUnit(candidate)].some((each) => spellings.includes(each)),
  );
  // A short name, such as `host`, may be another program's.
  if (same.length > 0) return same.filter(({ length }) => length > 4 || upper.startsWith('LATCHKEY_'));
  const near = names.filter((candidate) => isNear(upper, candidate));
  if (near.length > 0) return near;
  const [prefix] = ours.exec(upper) ?? [];
  return prefix === undefined ? [] : names.filter((each) => each.startsWith(prefix) && !each.endsWith('_FILE'));
}

function withoutUnit(name: string): string {
  return name.replace(/_(SECONDS|MS)$/, '');
}

function isNear(name: string, candidate: string): boolean {
  const allowed = candidate.length < 6 ? 0 : candidate.length < 10 ? 1 : 2;
  return Math.abs(name.length - candidate.length) <= allowed && editsBetween(name, candidate) <= allowed;
}

/** How many characters must be added, removed, changed, or swapped with their neighbour. */
function editsBetween(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= to.length; j++) {
      const changed = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, isSwap ? at(i - 2, j - 2) + 1 : Infinity));
    }
  }
  return at(from.length, to.length);
}
