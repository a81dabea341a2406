import { createHash, randomBytes } from 'node:crypto';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type * as oneTimeSecretsRepository from './one-time-secrets.repository.ts';

/** What a secret is for; it works for nothing else. */
export type Purpose =
  'password_reset' | 'invitation' | 'email_verification' | 'registration' | 'email_change' | 'email_change_undo';

interface NewSecret<Owner> {
  readonly purpose: Purpose;
  readonly owner: Owner;
  /** Where it is sent. */
  readonly email: string;
  readonly ttlSeconds: number;
}

interface OfUser {
  readonly userId: string;
}
interface OfRegistration {
  readonly registrationId: string;
}

/** What a valid secret says, by its purpose. */
export type Redeemed<Of extends Purpose = Purpose> = Of extends Purpose
  ? { readonly purpose: Of; readonly email: string; readonly createdAt: Date } & OwnerOf<Of>
  : never;

type OwnerOf<Of extends Purpose> = Of extends 'registration' ? OfRegistration : OfUser;

export type OneTimeSecretsService = ReturnType<typeof createOneTimeSecretsService>;

/** How many mails strangers can have sent to one address in an hour. */
export const mailsPerHour = 5;

/**
 * Secrets that are sent to an address and prove that somebody reads what arrives there. Each works once, for its purpose, until it
 * expires or its user's credentials change.
 */
export function createOneTimeSecretsService({
  database,
  secrets,
}: {
  readonly database: Pick<Database, 'pool'>;
  readonly secrets: typeof oneTimeSecretsRepository;
}) {
  async function insert(
    db: Db,
    secret: NewSecret<OfUser | OfRegistration>,
    bounds: { lastingSince?: Date; mailId?: string } = {},
  ): Promise<string> {
    // 256 random bits (ASVS 6.5.4), with a prefix that secret scanners can look for.
    const text = `lks_${randomBytes(32).toString('base64url')}`;
    await secrets.insertSecret(db, { ...secret, ...bounds, hash: hashOf(text) });
    return text;
  }

  return {
    issue: (db: Db, secret: NewSecret<OfUser>): Promise<string> => insert(db, secret),

    /**
     * Issues a secret that is valid until it expires, whatever happens to the user's credentials. It counts as issued at `since`, when the
     * reason for it arose. Returns nothing if a secret issued then or earlier has been used since, because that withdrew this one.
     */
    async issueLasting(db: Db, secret: NewSecret<OfUser>, since: Date): Promise<string | undefined> {
      if (await secrets.isWithdrawn(db, secret.owner.userId, secret.purpose, since)) return undefined;
      return insert(db, secret, { lastingSince: since });
    },

    /**
     * Issues a secret for a mail that strangers can ask for. Returns nothing if the address got `mailsPerHour` of those in the last hour, so
     * that nobody is flooded; all attempts at one mail, by its id, count once.
     */
    async issueForMail(
      db: Db,
      secret: NewSecret<OfUser | OfRegistration>,
      mailId: string,
    ): Promise<string | undefined> {
      if ((await secrets.countMailsOfLastHour(db, secret.email, mailId)) >= mailsPerHour) return undefined;
      return insert(db, secret, { mailId });
    },

    /** Whether an earlier attempt at a mail issued a secret. */
    isRetry: (db: Db, email: string, mailId: string): Promise<boolean> => secrets.hasSecretOfMail(db, email, mailId),

    /** What a secret says, without using it up. Throws `invalid_one_time_secret`. */
    async find<Of extends Purpose>(secret: string, purposes: readonly Of[]): Promise<Redeemed<Of>> {
      return valid<Of>(await secrets.findSecret(database.pool, hashOf(secret), purposes));
    },

    /**
     * Uses a secret up in the caller's transaction and locks its user; of simultaneous calls, one succeeds. Throws
     * `invalid_one_time_secret` for any that is not valid: unknown, used, expired, withdrawn or meant for something else.
     */
    async redeem<Of extends Purpose>(db: Db, secret: string, purposes: readonly Of[]): Promise<Redeemed<Of>> {
      return valid<Of>(await secrets.useSecret(db, hashOf(secret), purposes));
    },

    /** Withdraws the secrets of a user that were issued for a purpose at a time or after it. */
    withdrawSince: (db: Db, userId: string, purpose: Purpose, since: Date): Promise<void> =>
      secrets.deleteSecretsSince(db, userId, purpose, since),
  };
}

// The purpose is one of those asked for, and decides what kind of owner there is.
function valid<Of extends Purpose>(found: oneTimeSecretsRepository.ValidSecret | undefined): Redeemed<Of> {
  if (!found) throw new ServiceError('invalid_one_time_secret');
  return found as unknown as Redeemed<Of>;
}

// Its entropy makes a fast hash enough (ASVS 6.5.2).
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
