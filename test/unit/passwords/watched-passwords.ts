/** Real password hashing at a low cost. */
import { createHashing, type Hashing } from '../../../src/features/passwords/password-hashing.ts';

/** Fast, for tests. */
export function passwordsAt(cost: number): Hashing {
  return createHashing({ cost, concurrency: 2, queueMax: 100 });
}

/** Records what it hashed and verified. */
export function watchedPasswords(cost = 4) {
  const real = passwordsAt(cost);
  const hashed: string[] = [];
  const verified: { password: string; hash: string | undefined }[] = [];
  const passwords: Hashing = {
    ...real,
    hash(password) {
      hashed.push(password);
      return real.hash(password);
    },
    verify(password, hash) {
      verified.push({ password, hash });
      return real.verify(password, hash);
    },
  };
  return { passwords, hashed, verified };
}
