import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';

/** Hashes passwords with bcrypt. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long without a hash as with one, so that a missing account can't be told from a wrong password. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether a hash was made at another cost and should be made anew. */
  isOutdated(hash: string): boolean;
}

/** `cost` is the binary logarithm of bcrypt's rounds; `record` hears how many seconds each hash took. */
export function createPasswords(cost: number, record: (seconds: number) => void = () => {}): Passwords {
  const nobodysHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  const timed = async <Result>(work: () => Promise<Result>) => {
    const started = performance.now();
    const result = await work();
    record((performance.now() - started) / 1000);
    return result;
  };
  return {
    hash: (password) => timed(() => bcrypt.hash(condense(password), cost)),
    verify: async (password, hash) => {
      const matches = await timed(() => bcrypt.compare(condense(password), hash ?? nobodysHash));
      return matches && hash !== undefined;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
  };
}

// bcrypt reads 72 bytes and stops at NUL: what it gets is of one length, and depends on every byte of the password.
function condense(password: string): string {
  return createHmac('sha256', 'latchkey password').update(password).digest('base64');
}
