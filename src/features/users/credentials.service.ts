import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { FactorsService } from '../factors/factors.service.ts';
import type { IdempotencyService } from '../idempotency/idempotency.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { noPassword } from './no-password.ts';
import type * as credentialsRepository from './users.credentials.repository.ts';
import type { Claim } from './users.credentials.repository.ts';
import type * as usersRepository from './users.repository.ts';
import type { UserInsert } from './users.repository.ts';

export type CredentialsService = ReturnType<typeof createCredentialsService>;

export interface CredentialsServiceParts {
  readonly credentials: typeof credentialsRepository;
  readonly users: Pick<typeof usersRepository, 'insertUser' | 'raiseCredentialsVersion'>;
  readonly sessions: Pick<SessionsService, 'endAllOf'>;
  readonly idempotency: Pick<IdempotencyService, 'forget'>;
  readonly factors: Pick<FactorsService, 'forget'>;
  readonly audit: Pick<AuditService, 'record'>;
}

/**
 * What changes when somebody proves an address. Everything runs in the transaction that redeems their one-time secret; `undefined` means
 * that the secret no longer fits the user. Changing a password or an address ends all sessions and other secrets.
 */
export function createCredentialsService(parts: CredentialsServiceParts) {
  const { credentials, users, sessions, idempotency, factors, audit } = parts;

  async function endAll(db: Db, id: string): Promise<void> {
    await users.raiseCredentialsVersion(db, id);
    await sessions.endAllOf(db, id);
  }

  /** Removes what whoever registered an account first could come back by, now that somebody else has proved its address. */
  async function handOver(db: Db, id: string): Promise<void> {
    await idempotency.forget(db, id);
    await factors.forget(db, id);
  }

  /** Frees an address by deleting whoever registered it without proving it, unless that is its new owner; returns whether it did. */
  async function freeAddress(db: Db, email: string, owner: string): Promise<boolean> {
    const holder = await credentials.findClaimByEmail(db, email);
    if (!holder?.isProvisional || holder.user.id === owner) return false;
    const { id } = holder.user;
    await credentials.removeProvisional(db, id);
    await idempotency.forget(db, id);
    await endAll(db, id);
    const details = { reason: 'address_proved' };
    await audit.record(db, { type: 'user.deleted', outcome: 'success', userId: id, details });
    return true;
  }

  /** Gives a user an address that they have just proved, by `give`. Throws `email_taken`. */
  async function giveAddress(db: Db, id: string, email: string, give: typeof credentials.restoreEmail) {
    await freeAddress(db, email, id);
    try {
      return await db.transaction((savepoint) => give(savepoint, id, email));
    } catch (error) {
      // Somebody may have registered it just now.
      if (isEmailTaken(error) && (await freeAddress(db, email, id))) return give(db, id, email);
      throw error;
    }
  }

  return {
    find: credentials.findClaim,
    verifyEmail: credentials.verifyEmail,
    setPendingEmail: credentials.setPendingEmail,

    /**
     * Creates the user of somebody who registered and has now proved the address. If it belongs to a user whose registration nobody has
     * verified, that account becomes theirs. Throws `email_taken`.
     */
    async admit(db: Db, { email, ...registration }: UserInsert): Promise<User> {
      const holder = await credentials.findClaimByEmail(db, email);
      if (!holder) return insert(db, { email, ...registration, isEmailVerified: true });
      if (!holder.isProvisional) throw new ServiceError('email_taken');
      const user = await credentials.replacePassword(db, holder.user.id, email, registration);
      await handOver(db, holder.user.id);
      await endAll(db, holder.user.id);
      return user ?? holder.user;
    },

    /** Gives a user their pending address, now that it is proved. Whoever registered it without proving it loses it. Throws `email_taken`. */
    async confirmEmail(db: Db, id: string, email: string): Promise<User | undefined> {
      const user = await giveAddress(db, id, email, credentials.confirmPendingEmail);
      if (user) await endAll(db, id);
      return user;
    },

    /**
     * Gives a user an earlier address back and takes the password away. Whoever registered the address meanwhile without proving it
     * loses it. Throws `email_taken`.
     */
    async restoreEmail(db: Db, id: string, email: string): Promise<User | undefined> {
      const user = await giveAddress(db, id, email, credentials.restoreEmail);
      if (user) await endAll(db, id);
      return user;
    },

    resetPassword,

    /**
     * Records that somebody has proved the address of a user. If nobody ever did, and somebody had registered it, the account becomes theirs,
     * without a password. `undefined` if the user has another address by now.
     */
    async proveAddress(db: Db, id: string, email: string): Promise<Claim | undefined> {
      const claim = await credentials.findClaim(db, id);
      if (claim?.user.email !== email) return undefined;
      if (claim.isProvisional) await resetPassword(db, id, email, noPassword);
      else if (claim.user.isEmailVerified) return claim;
      else await credentials.verifyEmail(db, id, email);
      return credentials.findClaim(db, id);
    },
  };

  /** Replaces a forgotten password. Whoever proves the address of an account that was never verified gets it without the name. */
  async function resetPassword(db: Db, id: string, email: string, passwordHash: string): Promise<User | undefined> {
    const claim = await credentials.findClaim(db, id);
    const fullName = claim?.isProvisional ? email.slice(0, email.lastIndexOf('@')) : undefined;
    const user = await credentials.replacePassword(db, id, email, { passwordHash, fullName });
    if (!user) return undefined;
    if (claim?.isProvisional) await handOver(db, id);
    await endAll(db, id);
    return user;
  }

  async function insert(db: Db, user: UserInsert): Promise<User> {
    try {
      return await users.insertUser(db, user);
    } catch (error) {
      // The request does not have the address that a violation would point at.
      throw isEmailTaken(error) ? new ServiceError('email_taken', { cause: error.cause }) : error;
    }
  }
}

function isEmailTaken(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code === 'email_taken';
}
