import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import type { FactorModel } from './factors.model.ts';
import { TotpSeedModel } from './totp-seeds.model.ts';

/** An encrypted seed, and whose it is. */
export interface SealedSeed {
  readonly factorId: string;
  readonly userId: string;
  readonly seed: Buffer;
}

export async function insertSeed(db: Db, factorId: string, seed: Buffer): Promise<void> {
  await TotpSeedModel.query(db).insert({ factor_id: factorId, seed });
}

/** The seeds of a user's confirmed apps, the last used first. */
export async function findSeeds(db: Db, userId: string): Promise<SealedSeed[]> {
  const confirmed = owned(db).where({ user_id: userId }).whereNotNull('confirmed_at');
  return toSeeds(await confirmed.orderByRaw('last_used_at desc nulls last, factors.id'));
}

/** The seed of an app that its user has not confirmed yet. */
export async function findUnconfirmedSeed(db: Db, userId: string, factorId: string): Promise<SealedSeed | undefined> {
  const [seed] = toSeeds(await owned(db).where({ user_id: userId, factor_id: factorId, confirmed_at: null }));
  return seed;
}

/** Uses a step of a seed up, and all before it; of simultaneous attempts, one succeeds. Returns whether this one did. */
export async function useStep(db: Db, factorId: string, step: number): Promise<boolean> {
  const used = await TotpSeedModel.query(db)
    .patch({ last_step: String(step) })
    .where({ factor_id: factorId })
    .where('last_step', '<', step);
  return used > 0;
}

/** Up to `limit` seeds that are sealed under keys with these prefixes, by id, after one; locked until the transaction ends. */
export async function lockSeedsUnder(
  db: Db,
  prefixes: readonly Buffer[],
  after: string,
  limit: number,
): Promise<SealedSeed[]> {
  const under = TotpSeedModel.query(db)
    .select('factor_id')
    .whereRaw('substring(seed from 1 for ?) = any(?)', [prefixBytes(prefixes), [...prefixes]])
    .where('factor_id', '>', after)
    .orderBy('factor_id');
  const locked = under.limit(limit).forNoKeyUpdate().skipLocked();
  return toSeeds(await owned(db).whereRaw('factor_id = any(array(?))', [locked]).orderBy('factor_id'));
}

export async function replaceSeed(db: Db, factorId: string, seed: Buffer): Promise<void> {
  await TotpSeedModel.query(db).patch({ seed }).where({ factor_id: factorId });
}

/** How many seeds there are, and how many are sealed under a key with none of these prefixes. */
export async function countSeeds(
  db: Db,
  prefixes: readonly Buffer[],
): Promise<{ readonly all: number; readonly foreign: number }> {
  const [row] = await TotpSeedModel.query(db).select(
    raw('count(*)::int as all'),
    raw('count(*) filter (where substring(seed from 1 for ?) <> all(?))::int as foreign', [
      prefixBytes(prefixes),
      [...prefixes],
    ]),
  );
  return row as unknown as { all: number; foreign: number };
}

const prefixBytes = ([first]: readonly Buffer[]) => first?.length ?? 0;

type Owned = TotpSeedModel & Pick<FactorModel, 'user_id'>;

const owned = (db: Db) =>
  TotpSeedModel.query(db).join('factors', 'factors.id', 'factor_id').select('totp_seeds.*', 'factors.user_id');

function toSeeds(rows: readonly TotpSeedModel[]): SealedSeed[] {
  return (rows as readonly Owned[]).map((row) => ({ factorId: row.factor_id, userId: row.user_id, seed: row.seed }));
}
