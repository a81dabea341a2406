import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import type { Factor, FactorKind, SecondFactor } from './factor.ts';
import type * as factorsRepository from './factors.repository.ts';
import type * as codesRepository from './recovery-codes.repository.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';

export interface FactorsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly factors: typeof factorsRepository;
  readonly codes: typeof codesRepository;
  readonly credentials: Pick<CredentialsService, 'lock' | 'raiseVersion'>;
  readonly sessions: Pick<SessionsService, 'isActive' | 'endOthers' | 'endAllOf'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
}

/** Who asks, and from where. */
export interface Asking {
  readonly principal: UserPrincipal;
  readonly client: Client;
}

/** What a user has, and how many recovery codes are left. */
export interface OwnFactors {
  readonly factors: readonly Factor[];
  readonly recoveryCodesLeft: number;
}

export type FactorsService = ReturnType<typeof createFactorsService>;

/**
 * The second factors of users. Every change of them is made here: it locks the user, so that changes take turns, raises the version of
 * the credentials, and so ends all sessions but the one that asks.
 */
export function createFactorsService(parts: FactorsServiceParts) {
  const { database, factors, codes, credentials, sessions, audit, notices } = parts;

  /** Locks the user who asks. Throws `invalid_token` if their session has ended meanwhile, say by a change of the password. */
  async function lock(db: Db, { principal }: Asking): Promise<User> {
    const user = await credentials.lock(db, principal.id);
    if (!user || !(await sessions.isActive(db, principal))) throw new ServiceError('invalid_token');
    return user;
  }

  /** Ends whatever was created under the factors so far, but the session that asks. */
  async function renewCredentials(db: Db, { principal: { id, sessionId } }: Asking): Promise<void> {
    await credentials.raiseVersion(db, id);
    await sessions.endOthers(db, id, sessionId);
  }

  async function renewCodes(db: Db, userId: string): Promise<string[]> {
    const made = makeRecoveryCodes();
    await codes.replaceCodes(db, userId, made.map(hashRecoveryCode));
    return made;
  }

  return {
    lock,

    /** How a user can prove who they are besides the first factor, the quickest way first; empty if they have no second one. */
    kindsOf: (db: Db, userId: string): Promise<SecondFactor[]> => factors.findKinds(db, userId),

    async list(userId: string): Promise<OwnFactors> {
      const [found, recoveryCodesLeft] = await Promise.all([
        factors.listFactors(database.pool, userId),
        codes.countCodes(database.pool, userId),
      ]);
      return { factors: found, recoveryCodesLeft };
    },

    /**
     * Adds a factor that counts once it is confirmed; returns its id. It replaces one of its kind that was never confirmed. Throws
     * `invalid_token` if the session has ended meanwhile.
     */
    async add(db: Db, asking: Asking, { kind, name }: { kind: FactorKind; name: string }): Promise<string> {
      const { id: userId } = await lock(db, asking);
      await factors.deleteUnconfirmed(db, userId, kind);
      const id = createId();
      await factors.insertFactor(db, { id, userId, kind, name });
      return id;
    },

    /**
     * Confirms a factor whose possession was just proved; ends the user's other sessions. The first one comes with recovery codes, shown
     * once. Throws `not_found`, and `invalid_token` if the session has ended meanwhile.
     */
    async confirm(
      db: Db,
      asking: Asking,
      id: string,
    ): Promise<{ readonly factor: Factor; readonly recoveryCodes: readonly string[] }> {
      const user = await lock(db, asking);
      const isFirst = (await factors.listFactors(db, user.id)).length === 0;
      const factor = await factors.confirmFactor(db, user.id, id);
      if (!factor) throw noFactor();
      const recoveryCodes = isFirst ? await renewCodes(db, user.id) : [];
      await renewCredentials(db, asking);
      await audit.record(db, { ...eventOf(asking), type: 'factor.added', outcome: 'success', details: named(factor) });
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId: user.id, to: user.email, notice: `${factor.kind}_added`, values });
      return { factor, recoveryCodes };
    },

    /**
     * Removes a factor of the user who asks, and the recovery codes with the last one; ends the user's other sessions. Throws
     * `not_found`, and `invalid_token` if the session has ended meanwhile.
     */
    async remove(db: Db, asking: Asking, id: string): Promise<void> {
      const user = await lock(db, asking);
      const factor = await factors.deleteFactor(db, user.id, id);
      if (!factor) throw noFactor();
      if (!factor.confirmedAt) return;
      if ((await factors.listFactors(db, user.id)).length === 0) await codes.deleteCodes(db, user.id);
      await renewCredentials(db, asking);
      const details = named(factor);
      await audit.record(db, { ...eventOf(asking), type: 'factor.removed', outcome: 'success', details });
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId: user.id, to: user.email, notice: `${factor.kind}_removed`, values });
    },

    /**
     * Removes all factors of a user who has lost them, at somebody else's request, and ends all sessions. Does nothing if there are
     * none. Throws `not_found`.
     */
    async removeAll(db: Db, userId: string, actor: Actor): Promise<void> {
      const user = await credentials.lock(db, userId);
      if (!user) throw new ServiceError('not_found', { detail: 'There is no user with this id.' });
      const removed = await factors.deleteFactors(db, userId);
      if (removed.length === 0) return;
      await codes.deleteCodes(db, userId);
      await credentials.raiseVersion(db, userId);
      await sessions.endAllOf(db, userId);
      const details = { ...actor.details, factors: removed.length };
      await audit.record(db, { ...actor, type: 'factors.reset', outcome: 'success', userId, details });
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId, to: user.email, notice: 'factors_reset', values });
    },

    /** Records that a factor was used, in the transaction that does so. */
    recordUse: (db: Db, id: string): Promise<void> => factors.recordUse(db, id),
  };
}

const noFactor = () => new ServiceError('not_found', { detail: 'You have no factor with this id.' });

const named = ({ id, kind }: Factor) => ({ kind, factor_id: id });

function eventOf({ principal: { id, sessionId }, client }: Asking) {
  return { userId: id, actorId: id, sessionId, client };
}
