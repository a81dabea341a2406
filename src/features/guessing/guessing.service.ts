import { createHmac, type KeyObject } from 'node:crypto';
import type { Client } from '../../access/client.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import { hostOf } from '../../platform/network/address.ts';
import type * as guessingRepository from './guessing.repository.ts';
import type { Admitted, Bounds, Count, Place } from './guessing.repository.ts';

/** Who tries a password or a code, and at which account. */
export interface Guess {
  /** The address of the account, normalised. It need not exist. */
  readonly email: string;
  /** The user who has the address, if anybody does. */
  readonly userId: string | undefined;
  readonly client: Pick<Client, 'address'>;
  /** What only the user has, if it was sent: a device that signed in before, or a session. */
  readonly device?: string | undefined;
}

/** Why a password was not even checked. */
export type GuessRefusal = (typeof guessRefusals)[number];

export const guessRefusals = ['delay', 'reset'] as const;

/** The first four failures are free; each one after them is followed by a pause, which doubles up to a quarter of an hour. */
const delays = [null, null, null, null, 15, 30, 60, 120, 240, 480, 900];

/** Consecutive failures after which an account takes no more attempts from unknown devices (NIST SP 800-63B-4, section 3.2.2). */
const maxFailures = 100;

/** Codes of an app are short, and wrong ones lock nobody out for good; so these pauses go on doubling, up to a day. */
const delaysOfApp = [
  ...delays.slice(0, 4),
  ...Array.from({ length: 14 }, (_, step) => Math.min(15 * 2 ** step, 86_400)),
];

const bounds: Bounds = { delays, maxOfAccount: maxFailures, hoursOfNetwork: 1, hoursOfDevice: 24 };

/** The job that is enqueued after `maxFailures`. Its handler is in sign-in, which knows the trail and notices. */
export const resetRequired = 'notify_of_guesses';

/** Its payload. `user_id` is null if nobody has the address: enqueueing costs the same for all. */
export interface ResetRequired {
  readonly email: string;
  readonly user_id: string | null;
  readonly at: string;
}

export interface GuessingServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly counts: typeof guessingRepository;
  /** Keeps addresses out of the table. */
  readonly key: KeyObject;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly record: (refusal: GuessRefusal) => void;
}

/** How an attempt begins, and what people are told during a pause. */
interface Begin {
  readonly within?: Bounds;
  readonly what?: string;
  readonly instead?: string;
}

interface Begun extends Admitted {
  readonly place: Place;
}

const ofApp: Begin = {
  within: { ...bounds, delays: delaysOfApp },
  what: 'codes of an app were tried',
  instead: ', or use a passkey or a recovery code',
};

export type GuessingService = ReturnType<typeof createGuessingService>;

/**
 * Slows guessing without locking the owner out (ASVS 6.3.1): failures count by account and network together, so that strangers slow
 * strangers, and by account and known device.
 */
export function createGuessingService({ database, counts, key, jobs, record }: GuessingServiceParts) {
  const hash = (...parts: string[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest();

  const totpOf = (userId: string): Place => {
    const account = hash(userId, 'second factor');
    return { account, source: hash(userId, 'second factor', 'attempts'), isKnown: true };
  };

  async function begin(place: Place, { within = bounds, ...sentence }: Begin = {}): Promise<Begun> {
    const { what = 'passwords or codes were tried for this address', instead = '' } = sentence;
    const admission = await counts.countAttempt(database.pool, place, within);
    if (admission.isAdmitted) return { ...admission, place };
    record(admission.reason);
    if (admission.reason === 'reset') throw new ServiceError('password_reset_required');
    const { seconds } = admission;
    const detail = `Too many wrong ${what}; try again in ${seconds} seconds${instead}.`;
    throw new ServiceError('rate_limited', { detail, retryAfterSeconds: seconds });
  }

  /** Counts an attempt against its source. A known device that has failed too often counts as an unknown one as well. */
  async function beginAll({ email, client, device }: Guess) {
    const account = hash(email);
    const begun = [];
    if (device !== undefined)
      begun.push(await begin({ account, source: hash(email, 'device', device), isKnown: true }));
    if (begun.every(({ failures }) => failures > maxFailures)) {
      begun.push(await begin({ account, source: hash(email, 'network', hostOf(client.address)), isKnown: false }));
    }
    return begun;
  }

  async function notify({ email, userId }: Guess): Promise<void> {
    const payload = { email, user_id: userId ?? null, at: new Date().toISOString() } satisfies ResetRequired;
    await jobs.enqueue(database.pool, { name: resetRequired, payload });
  }

  return {
    /**
     * Makes an attempt, and returns what `verify` returns, which is falsy for a wrong password. The attempt counts as a failure from the
     * start, so that simultaneous ones all count; success resets the count, and an attempt that could not be checked is taken back. Throws
     * `rate_limited` during a pause, and `password_reset_required` after `maxFailures` in a row from unknown devices, whether or not the
     * account exists.
     */
    async check<Match>(guess: Guess, verify: () => Promise<Match>): Promise<Match> {
      const begun = await beginAll(guess);
      let match: Match;
      try {
        match = await verify();
      } catch (error) {
        for (const { failures, place } of begun) await counts.takeBack(database.pool, place, failures);
        throw error;
      }
      if (match) for (const { place } of begun) await counts.forgetSource(database.pool, place);
      else if (begun.some(({ ofAccount }) => ofAccount === maxFailures)) await notify(guess);
      return match;
    },

    /**
     * Makes an attempt at a code of an authenticator app. Only who has the first factor gets here, so it counts for the user alone,
     * wherever it comes from, with longer pauses, but never for good. Also returns how many failed in a row, should this one. Throws
     * `rate_limited` during a pause.
     */
    async checkTotp<Match>(
      userId: string,
      verify: () => Promise<Match>,
    ): Promise<{ readonly match: Match; readonly failures: number }> {
      const { failures, place } = await begin(totpOf(userId), ofApp);
      try {
        const match = await verify();
        if (match) await counts.forgetSource(database.pool, place);
        return { match, failures };
      } catch (error) {
        await counts.takeBack(database.pool, place, failures);
        throw error;
      }
    },

    /** The counts of wrong codes of authenticator apps. */
    listTotp: (db: Db, userId: string): Promise<Count[]> => counts.listCounts(db, totpOf(userId).account),

    /** Forgets wrong codes of authenticator apps, once one was removed. */
    clearTotp: (db: Db, userId: string): Promise<void> => counts.forgetAccount(db, totpOf(userId).account),

    /** The counts of failures at an account. */
    list: (db: Db, email: string): Promise<Count[]> => counts.listCounts(db, hash(email)),

    /** Forgets all failures at an account, after its password was reset. */
    clear: (db: Db, email: string): Promise<void> => counts.forgetAccount(db, hash(email)),
  };
}
