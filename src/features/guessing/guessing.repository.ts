import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import { GuessCountModel } from './guessing.model.ts';

/** What an attempt counts against. */
export interface Place {
  readonly account: Buffer;
  readonly source: Buffer;
  /** A known device doesn't count towards the failures of the account. */
  readonly isKnown: boolean;
}

/** How long failures delay the next attempt, how many the account takes from unknown devices, and how long they are remembered. */
export interface Bounds {
  /** Seconds after the first failure, the second, …; the last for all after it. */
  readonly delays: readonly (number | null)[];
  readonly maxOfAccount: number;
  /** Hours that each failure adds. */
  readonly hoursOfNetwork: number;
  readonly hoursOfDevice: number;
}

/** An attempt that may proceed. It counts as a failure until it is taken back. */
export interface Admitted {
  readonly isAdmitted: true;
  /** Of its source, this one included. */
  readonly failures: number;
  /** Of the account from unknown devices; null if the device is known. */
  readonly ofAccount: number | null;
}

export type Admission =
  | Admitted
  | { readonly isAdmitted: false; readonly reason: 'delay'; readonly seconds: number }
  | { readonly isAdmitted: false; readonly reason: 'reset' };

interface CountRow {
  readonly failures: number | null;
  readonly of_account: number | null;
  readonly is_exhausted: boolean;
  readonly seconds: number | null;
}

/**
 * Counts an attempt before it is made, in one statement, so that simultaneous attempts are admitted no more often than successive ones.
 * A refusal writes nothing.
 */
export async function countAttempt(db: Db, { account, source, isKnown }: Place, bounds: Bounds): Promise<Admission> {
  const { delays, maxOfAccount, hoursOfNetwork, hoursOfDevice } = bounds;
  const hours = isKnown ? hoursOfDevice : hoursOfNetwork;
  const [row] = await count(db, account, source, !isKnown, delays, maxOfAccount, hours, hoursOfDevice);
  const { failures = null, of_account: ofAccount = null, is_exhausted: isExhausted, seconds } = row ?? {};
  if (failures !== null && (isKnown || ofAccount !== null)) return { isAdmitted: true, failures, ofAccount };
  if (isExhausted === true || failures !== null) return { isAdmitted: false, reason: 'reset' };
  // A simultaneous attempt started the delay.
  return { isAdmitted: false, reason: 'delay', seconds: seconds ?? delays.find((delay) => delay !== null) ?? 1 };
}

// An expired row counts as none.
const next = `(select case when known.expires_at > now() then known.failures + 1 else 1 end as failures) as next`;

const count = prepare<CountRow>(
  `with exhausted as (
    select from guess_counts
    where $3 and account = $1 and source = '' and failures >= $5 and expires_at > now()
  ), delayed as (
    select ceil(extract(epoch from retry_at - now()))::integer as seconds from guess_counts
    where account = $1 and source = $2 and retry_at > now()
  ), counted as (
    insert into guess_counts as known (account, source, failures, retry_at, expires_at)
    select $1::bytea, $2::bytea, 1, now() + ($4::integer[])[1] * interval '1 second', now() + $6::integer * interval '1 hour'
    where not exists (select from exhausted) and not exists (select from delayed)
    on conflict (account, source) do update set (failures, retry_at, expires_at) = (
      select
        next.failures,
        now() + ($4::integer[])[least(next.failures, cardinality($4::integer[]))] * interval '1 second',
        now() + next.failures * $6::integer * interval '1 hour'
      from ${next}
    )
    where known.retry_at is null or known.retry_at <= now()
    returning failures
  ), of_account as (
    -- After the source, whose row is locked by then, so two of these never deadlock.
    insert into guess_counts as known (account, source, failures, expires_at)
    select $1::bytea, '', 1, now() + $7::integer * interval '1 hour' from counted where $3
    on conflict (account, source) do update set (failures, expires_at) = (
      select next.failures, now() + next.failures * $7::integer * interval '1 hour' from ${next}
    )
    where known.failures < $5 or known.expires_at <= now()
    returning failures
  )
  select
    (select failures from counted) as failures,
    (select failures from of_account) as of_account,
    exists (select from exhausted) as is_exhausted,
    (select seconds from delayed) as seconds`,
);

/** Takes back an attempt whose password could not be checked; `failures` is its number. */
export async function takeBack(db: Db, { account, source, isKnown }: Place, failures: number): Promise<void> {
  await subtract(db, account, source, failures);
  if (!isKnown) await subtract(db, account, Buffer.alloc(0), null);
}

// A delay started by a later failure stays.
const subtract = prepare(
  `update guess_counts
  set failures = greatest(failures - 1, 0), retry_at = case when failures = $3::integer then null else retry_at end
  where account = $1 and source = $2`,
);

/** Forgets the failures of a source, and the consecutive failures of its account. */
export async function forgetSource(db: Db, { account, source }: Place): Promise<void> {
  await deleteSource(db, account, source);
}

const deleteSource = prepare(
  `with deleted as (delete from guess_counts where account = $1 and source = $2 returning 1)
  delete from guess_counts where account = $1 and source = '' and (select count(*) from deleted) >= 0`,
);

/** Forgets all failures at an account, in the order in which attempts lock them. */
export async function forgetAccount(db: Db, account: Buffer): Promise<void> {
  const locked = GuessCountModel.query(db).select('source').where({ account }).orderBy('source', 'desc').forUpdate();
  await GuessCountModel.query(db).delete().where({ account }).whereRaw('source = any(array(?))', [locked]);
}

/** Failures at an account, from one source or from all unknown devices. */
export interface Count {
  readonly failures: number;
  readonly expiresAt: Date;
}

const maxCounts = 1000;

/** The counts of failures at an account, latest first. */
export async function listCounts(db: Db, account: Buffer): Promise<Count[]> {
  const rows = await GuessCountModel.query(db).where({ account }).orderBy('expires_at', 'desc').limit(maxCounts);
  return rows.map(({ failures, expires_at: expiresAt }) => ({ failures, expiresAt }));
}

/** Deletes up to `limit` expired counts; returns how many. */
export async function deleteExpiredCounts(db: Db, limit: number): Promise<number> {
  const expired = GuessCountModel.query(db).select(raw('ctid')).where('expires_at', '<=', raw('now()'));
  return GuessCountModel.query(db)
    .delete()
    .whereRaw('ctid = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}
