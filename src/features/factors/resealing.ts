import type { Database } from '../../platform/database/database.ts';
import { fail, ok, type Finding } from '../../platform/findings.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { contextOf } from './totp.service.ts';
import * as seeds from './totp-seeds.repository.ts';

const batchSize = 100;

/** The recurring job that encrypts seeds anew under the newest key, so that older keys can be retired. */
export function createResealingJob({ transaction }: Pick<Database, 'transaction'>, sealing: Sealing): JobHandler {
  const [, ...older] = sealing.prefixes;

  /** Returns the last seed of a full batch. */
  async function resealSome(after: string): Promise<string | undefined> {
    return transaction(async (db) => {
      const found = await seeds.lockSeedsUnder(db, older, after, batchSize);
      for (const { factorId, userId, seed: sealed } of found) {
        const seed = sealing.open(sealed, contextOf(factorId, userId));
        // One that was tampered with stays as it is; whoever needs it gets an error.
        if (seed) await seeds.replaceSeed(db, factorId, sealing.seal(seed, contextOf(factorId, userId)));
      }
      return found[batchSize - 1]?.factorId;
    });
  }

  return {
    name: 'reseal_totp_seeds',
    everySeconds: 60 * 60,
    async run(_payload, { signal }) {
      if (older.length === 0) return;
      for (let after: string | undefined = beforeAll; after !== undefined; after = await resealSome(after)) {
        signal.throwIfAborted();
      }
    },
  };
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Whether every seed can be opened: a key that was retired too early locks people out. */
export async function checkSeeds({ pool }: Pick<Database, 'pool'>, sealing: Sealing): Promise<Finding> {
  const { all, foreign } = await seeds.countSeeds(pool, sealing.prefixes);
  if (foreign === 0) return ok('factor keys', `the keys here open the seeds of all authenticator apps (${all})`);
  const reason = `no key here opens the seeds of ${foreign} of ${all} authenticator apps: their owners can't sign in`;
  return fail('factor keys', reason, 'append the keys that are missing to FACTOR_KEYS, or to JWT_SECRETS');
}
