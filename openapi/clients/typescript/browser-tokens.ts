import { randomKey } from './random.ts';
import { memoryTokenStore, type Tokens, type TokenStore } from './tokens.ts';
import { pause } from './waiting.ts';

/** What is used of a browser, so that the package needs no types of one. */
interface Browser {
  readonly localStorage: WebStorage;
  readonly navigator: {
    readonly locks?: { request<Result>(name: string, work: () => Promise<Result>): Promise<Result> };
  };
  addEventListener(
    type: 'storage',
    listener: (event: { readonly key: string | null; readonly storageArea: unknown }) => void,
  ): void;
}

interface WebStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** How tokens are kept in a browser. */
export interface BrowserTokenStoreOptions {
  /** The name in `localStorage`; clients of different services on one origin need different ones. */
  readonly name?: string;
}

/**
 * Keeps tokens in `localStorage`, where all tabs of the origin find them, across reloads. Tabs renew one at a time and hear of each
 * other. Where the browser forbids storage, the tokens live as long as the page. Throws outside of a browser.
 */
export function browserTokenStore({ name = 'latchkey' }: BrowserTokenStoreOptions = {}): TokenStore {
  const { window } = globalThis as { window?: Browser };
  if (!window) {
    throw new Error(
      'browserTokenStore needs a browser; on a server, make a client with its own store for each request.',
    );
  }
  const storage = findStorage(window);
  if (!storage) return memoryTokenStore();
  return {
    get: () => parse(storage.getItem(name)),
    set(tokens) {
      if (tokens) storage.setItem(name, JSON.stringify(tokens));
      else storage.removeItem(name);
    },
    lock(work) {
      // Only pages that came over https, or from this machine, have locks.
      const { locks } = window.navigator;
      if (!locks) return withClaim(storage, `${name}.lock`, work);
      return locks.request(name, async () => {
        await pause(settleSeconds);
        return work();
      });
    },
    watch(listener) {
      // The browser tells the other tabs, not this one; the key is null when all was cleared.
      window.addEventListener('storage', ({ key, storageArea }) => {
        if (storageArea === storage && (key === name || key === null)) listener();
      });
    },
  };
}

function findStorage(window: Browser): WebStorage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function parse(text: string | null): Tokens | undefined {
  try {
    const tokens = JSON.parse(text ?? 'null') as Partial<Tokens> | null;
    return tokens?.refreshToken ? (tokens as Tokens) : undefined;
  } catch {
    return undefined;
  }
}

const claimSeconds = 15;
// What one tab writes the others see a little later, even after a lock: a used refresh token that was read then would end the session.
const settleSeconds = 0.1;

/**
 * A lock of `localStorage` alone, which can't compare and set: who still stands in it after the others' writes have arrived has it.
 * A tab that was closed in the middle stands in the way until its claim ends.
 */
async function withClaim<Result>(storage: WebStorage, name: string, work: () => Promise<Result>): Promise<Result> {
  const owner = randomKey();
  const holder = () => /^(\w+) (\d+)$/.exec(storage.getItem(name) ?? '');
  const isFree = (claim: RegExpExecArray | null) => !claim || Number(claim[2]) < Date.now();
  while (holder()?.[1] !== owner) {
    if (isFree(holder())) storage.setItem(name, `${owner} ${Date.now() + claimSeconds * 1000}`);
    await pause(settleSeconds);
  }
  try {
    return await work();
  } finally {
    if (holder()?.[1] === owner) storage.removeItem(name);
  }
}
