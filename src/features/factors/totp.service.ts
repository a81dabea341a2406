import { randomBytes } from 'node:crypto';
import type { Db } from '../../platform/database/database.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { violation } from '../../platform/violations.ts';
import type { Asking, ConfirmedFactor, FactorsService } from './factors.service.ts';
import type * as seedsRepository from './totp-seeds.repository.ts';
import type { SealedSeed } from './totp-seeds.repository.ts';
import { seedBytes, seedUri, stepOf, writeSeed } from './totp.ts';

export interface TotpServiceParts {
  readonly factors: Pick<FactorsService, 'lock' | 'add' | 'confirm' | 'recordUse'>;
  readonly seeds: typeof seedsRepository;
  readonly sealing: Sealing;
  /** What apps show beside the code. */
  readonly serviceName: string;
}

/** What an authenticator app needs, shown once. */
export interface TotpEnrolment {
  readonly factorId: string;
  readonly secret: string;
  readonly uri: string;
}

export type TotpService = ReturnType<typeof createTotpService>;

/** Codes of authenticator apps (RFC 6238): SHA-1, six digits, 30 seconds, one step of drift either way, each code once. */
export function createTotpService({ factors, seeds, sealing, serviceName }: TotpServiceParts) {
  /** Whether a code is that of a seed, and uses it up. Throws if the seed can't be opened: that is our fault, and no guess. */
  async function use(db: Db, { factorId, userId, seed: sealed }: SealedSeed, code: string): Promise<boolean> {
    const seed = sealing.open(sealed, contextOf(factorId, userId));
    if (!seed) throw new Error(`no key in FACTOR_KEYS or JWT_SECRETS opens the seed of factor ${factorId}`);
    const step = stepOf(seed, code, Date.now());
    return step !== undefined && seeds.useStep(db, factorId, step);
  }

  return {
    /** Begins to add an app; it counts once `confirm` gets its first code. Throws as `factors.add` does. */
    async enrol(db: Db, asking: Asking, name: string): Promise<TotpEnrolment> {
      const { user } = asking.principal;
      const factorId = await factors.add(db, asking, { kind: 'totp', name });
      const seed = randomBytes(seedBytes);
      await seeds.insertSeed(db, factorId, sealing.seal(seed, contextOf(factorId, user.id)));
      return { factorId, secret: writeSeed(seed), uri: seedUri(seed, serviceName, user.email) };
    },

    /** Confirms an app by its first code. Throws a violation for a wrong one, and as `factors.confirm` does. */
    async confirm(db: Db, asking: Asking, factorId: string, code: string): Promise<ConfirmedFactor> {
      const { id: userId } = await factors.lock(db, asking);
      const found = await seeds.findUnconfirmedSeed(db, userId, factorId);
      if (found && !(await use(db, found, code))) throw violation(['body', 'code'], 'code_wrong');
      return factors.confirm(db, asking, factorId);
    },

    /** Whether a code is that of one of a user's apps; it works once, also when it is sent twice at once. */
    async verify(db: Db, userId: string, code: string): Promise<boolean> {
      for (const seed of await seeds.findSeeds(db, userId)) {
        if (!(await use(db, seed, code))) continue;
        await factors.recordUse(db, seed.factorId);
        return true;
      }
      return false;
    },
  };
}

/** What a seed is bound to: moved to another factor or user, it does not open. */
export const contextOf = (factorId: string, userId: string): string => `totp ${factorId} ${userId}`;
