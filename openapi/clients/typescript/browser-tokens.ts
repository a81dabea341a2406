import { randomKey } from './random.ts';
import { memoryTokenStore, type Tokens, type TokenStore } from './tokens.ts';
import { pause } from './waiting.ts';

/** The browser APIs in use, so that the package does not depend on DOM types. */
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

/** How to store tokens in a browser. */
export interface BrowserTokenStoreOptions {
  /** The key in `localStorage`; clients of different services on one origin need different keys. */
  readonly name?: string;
}

/**
 * Stores tokens in `localStorage`, shared by all tabs of the origin and kept across reloads. Tabs refresh one at a time and notify each
 * other. What the device is recognised by stays after signing out. If the browser denies storage, the tokens live as long as the page. Throws outside a browser.
 */
export function browserTokenStore({ name = 'latchkey' }: BrowserTokenStoreOptions = {}): TokenStore {
  const { window } = globalThis as { window?: Browser };
  if (!window) {
    throw new Error(
      'browserTokenStore needs a browser; on a server, create a client with its own store for each request.',
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
    getDevice: () => storage.getItem(`${name}.device`) ?? undefined,
    setDevice: (deviceToken) => storage.setItem(`${name}.device`, deviceToken),
    lock(work) {
      // Only secure contexts (https or localhost) have locks.
      const { locks } = window.navigator;
      if (!locks) return withClaim(storage, `${name}.lock`, work);
      return locks.request(name, async () => {
        await pause(settleSeconds);
        return work();
      });
    },
    watch(listener) {
      // Only other tabs get this event; the key is null if everything was cleared.
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
// Other tabs see a write a little later, even under a lock. Reading a used refresh token then would end the session.
const settleSeconds = 0.1;

/**
 * A lock on `localStorage`, which has no compare-and-set: a tab holds the lock if its claim is still there after other tabs' writes have
 * arrived. The claim of a tab that was closed blocks the others until it expires.
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
