/** Where people go after they signed in. */
import { allowedReturn } from './allowed-return.ts';

const parameter = 'return_to';
const storageKey = 'latchkey.return_to';
// Long enough to read a mail and come back by its link.
const keptMs = 60 * 60 * 1000;
export const usualPlace = '/account';

/** Keeps what the page's address asks for, so that a link in a mail, which opens another tab, leads there too. */
export function keepReturn(search: string, listed: readonly string[]): void {
  const asked = new URLSearchParams(search).get(parameter);
  const url = asked === null ? undefined : allowedReturn(asked, location.origin, listed);
  if (url) write({ href: url.href, until: Date.now() + keptMs });
}

/** Where to go now, and forgets it. */
export function takeReturn(search: string, listed: readonly string[]): URL {
  keepReturn(search, listed);
  const kept = read();
  withStorage((storage) => storage.removeItem(storageKey));
  const isFresh = kept !== undefined && kept.until > Date.now();
  const url = isFresh ? allowedReturn(kept.href, location.origin, listed) : undefined;
  return url ?? new URL(usualPlace, location.origin);
}

/** A link to a page that comes back to here once somebody is signed in. */
export function signInToReturn(place: string): string {
  return `/sign-in?${new URLSearchParams({ [parameter]: place }).toString()}`;
}

interface Kept {
  readonly href: string;
  readonly until: number;
}

function write(kept: Kept): void {
  withStorage((storage) => storage.setItem(storageKey, JSON.stringify(kept)));
}

function read(): Kept | undefined {
  return withStorage((storage) => JSON.parse(storage.getItem(storageKey) ?? 'null') as Kept | null) ?? undefined;
}

// Browsers throw where storage is forbidden, and it may hold anything; then people end up at the usual place.
function withStorage<Result>(work: (storage: Storage) => Result): Result | undefined {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}
