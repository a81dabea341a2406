import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import { afterCommit, type Database, type Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { NoticeName } from '../../platform/mail/messages.ts';
import type { Actor, AuditEventType } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { Factor, FactorKind, SecondFactor } from './factor.ts';
import type * as factorsRepository from './factors.repository.ts';
import type { RecoveryCodesService } from './recovery-codes.service.ts';

export interface FactorsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly factors: typeof factorsRepository;
  readonly recoveryCodes: Pick<RecoveryCodesService, 'count' | 'renew' | 'removeAll'>;
  readonly sessions: Pick<SessionsService, 'isActive' | 'addMethod' | 'removeSecondFactors' | 'endOthers' | 'endAllOf'>;
  readonly guessing: Pick<GuessingService, 'clearTotp'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly count: (change: FactorChange) => void;
}

/** A change that is counted. */
export type FactorChange = (typeof factorChanges)[number];

const kinds = ['totp', 'passkey'] as const satisfies readonly FactorKind[];

export const factorChanges = kinds.flatMap((kind) => [`${kind}_added`, `${kind}_removed`, `${kind}_reset`] as const);

/** Who asks, and from where. */
export interface Asking {
  readonly principal: UserPrincipal;
  readonly client: Client;
}

/** What a user has, and how many recovery codes are left. */
export interface UserFactors {
  readonly factors: readonly Factor[];
  readonly recoveryCodesLeft: number;
}

/** A factor that counts from now on; the first comes with recovery codes, which can't be shown again. */
export interface ConfirmedFactor {
  readonly factor: Factor;
  readonly recoveryCodes: readonly string[];
}

export type FactorsService = ReturnType<typeof createFactorsService>;

/** How many of a kind a user may have. */
export const mostFactors: Readonly<Record<FactorKind, number>> = { totp: 5, passkey: 10 };

/**
 * The second factors of users. Every change of them is made here: it locks the user, so that changes take turns, raises the version of
 * the credentials, and so ends all sessions but the one that asks.
 */
export function createFactorsService(parts: FactorsServiceParts) {
  const { database, factors, recoveryCodes, sessions, guessing, audit, notices, count } = parts;

  /** Locks the user who asks. Throws `invalid_token` if their session has ended meanwhile, say by a change of the password. */
  async function lock(db: Db, { principal }: Asking): Promise<User> {
    const user = await factors.lockUser(db, principal.id);
    if (!user || !(await sessions.isActive(db, principal))) throw new ServiceError('invalid_token');
    return user;
  }

  /** Ends whatever was created under the factors so far, but the session that asks; records the change and mails it. */
  async function complete(db: Db, asking: Asking, user: User, { type, notice, details }: Change): Promise<void> {
    const { principal, client } = asking;
    await factors.raiseCredentialsVersion(db, user.id);
    await sessions.endOthers(db, user.id, principal.sessionId);
    const event = { userId: user.id, actorId: user.id, sessionId: principal.sessionId, client, details };
    await audit.record(db, { ...event, type, outcome: 'success' });
    await tell(db, user, notice);
  }

  async function tell(db: Db, user: User, notice: Change['notice']): Promise<void> {
    const values = { at: new Date().toISOString() };
    await notices.send(db, { userId: user.id, to: user.email, notice, values });
  }

  async function list(userId: string): Promise<UserFactors> {
    const [found, recoveryCodesLeft] = await Promise.all([
      factors.listFactors(database.pool, userId),
      recoveryCodes.count(database.pool, userId),
    ]);
    return { factors: found, recoveryCodesLeft };
  }

  /** Removes all factors and recovery codes of a user; returns how many factors counted. */
  async function clear(db: Db, userId: string): Promise<number> {
    const removed = await factors.deleteFactors(db, userId);
    await recoveryCodes.removeAll(db, userId);
    await guessing.clearTotp(db, userId);
    afterCommit(db, () => {
      for (const { kind } of removed) count(`${kind}_reset`);
    });
    return removed.length;
  }

  return {
    lock,

    /** How a user can prove who they are besides the first factor, the quickest way first; empty if they have no second one. */
    kindsOf: (db: Db, userId: string): Promise<SecondFactor[]> => factors.findKinds(db, userId),

    listOwn: list,

    /** Those of any user; throws `not_found`. */
    async list(userId: string): Promise<UserFactors> {
      const found = await list(userId);
      if (found.factors.length === 0 && !(await factors.hasUser(database.pool, userId))) throw noUser();
      return found;
    },

    /**
     * Adds a factor that counts once it is confirmed; returns its id. It replaces one of its kind that was never confirmed. Throws
     * `too_many_factors`, and `invalid_token` if the session has ended meanwhile.
     */
    async add(db: Db, asking: Asking, { kind, name }: { kind: FactorKind; name: string }): Promise<string> {
      const { id: userId } = await lock(db, asking);
      await factors.deleteUnconfirmed(db, userId, kind);
      const own = await factors.listFactors(db, userId);
      if (own.filter((factor) => factor.kind === kind).length >= mostFactors[kind])
        throw new ServiceError('too_many_factors');
      const id = createId();
      await factors.insertFactor(db, { id, userId, kind, name });
      return id;
    },

    /**
     * Confirms a factor whose possession was just proved, so that the session counts as begun with it, and ends the user's other sessions.
     * Throws `not_found`, and `invalid_token` if the session has ended meanwhile.
     */
    async confirm(db: Db, asking: Asking, id: string): Promise<ConfirmedFactor> {
      const user = await lock(db, asking);
      const isFirst = (await factors.listFactors(db, user.id)).length === 0;
      const factor = await factors.confirmFactor(db, user.id, id);
      if (!factor) throw noFactor();
      await sessions.addMethod(db, asking.principal, factor.kind);
      const codes = isFirst ? await recoveryCodes.renew(db, user.id) : [];
      await complete(db, asking, user, {
        type: 'factor.added',
        notice: `${factor.kind}_added`,
        details: naming(factor),
      });
      afterCommit(db, () => count(`${factor.kind}_added`));
      return { factor, recoveryCodes: codes };
    },

    /**
     * Removes a factor of the user who asks; ends the user's other sessions. With the last one go the recovery codes, and what the
     * session that asks has proved by them. Throws `not_found`, and `invalid_token` if the session has ended meanwhile.
     */
    async remove(db: Db, asking: Asking, id: string): Promise<void> {
      const user = await lock(db, asking);
      const factor = await factors.deleteFactor(db, user.id, id);
      if (!factor) throw noFactor();
      if (!factor.confirmedAt) return;
      // The next app has another seed, about which nothing was guessed.
      if (factor.kind === 'totp') await guessing.clearTotp(db, user.id);
      if ((await factors.listFactors(db, user.id)).length === 0) {
        await recoveryCodes.removeAll(db, user.id);
        await sessions.removeSecondFactors(db, asking.principal);
      }
      const change = { type: 'factor.removed', notice: `${factor.kind}_removed`, details: naming(factor) } as const;
      await complete(db, asking, user, change);
      afterCommit(db, () => count(`${factor.kind}_removed`));
    },

    /** Replaces the recovery codes of the user who asks. Throws `no_second_factor`, and `invalid_token` if the session has ended meanwhile. */
    async renewRecoveryCodes(db: Db, asking: Asking): Promise<string[]> {
      const user = await lock(db, asking);
      if ((await factors.listFactors(db, user.id)).length === 0) throw new ServiceError('no_second_factor');
      const codes = await recoveryCodes.renew(db, user.id);
      await complete(db, asking, user, {
        type: 'recovery_codes.renewed',
        notice: 'recovery_codes_renewed',
        details: {},
      });
      return codes;
    },

    /**
     * Removes all factors of a user who has lost them, at somebody else's request, and ends all sessions. Without factors there is
     * nothing to do. Throws `not_found`.
     */
    async removeAll(db: Db, userId: string, actor: Actor): Promise<void> {
      const user = await factors.lockUser(db, userId);
      if (!user) throw noUser();
      const removed = await clear(db, userId);
      if (removed === 0) return;
      await factors.raiseCredentialsVersion(db, userId);
      await sessions.endAllOf(db, userId);
      const details = { ...actor.details, factors: removed };
      await audit.record(db, { ...actor, type: 'factors.reset', outcome: 'success', userId, details });
      await tell(db, user, 'factors_reset');
    },

    /** Removes the factors of an account that goes to whoever proved its address, in the transaction that ends its sessions. */
    async forget(db: Db, userId: string): Promise<void> {
      if ((await clear(db, userId)) === 0) return;
      const details = { reason: 'address_proved' };
      await audit.record(db, { type: 'factors.reset', outcome: 'success', userId, details });
    },

    /** Throws `not_found`. */
    async rename(db: Db, asking: Asking, id: string, name: string): Promise<Factor> {
      const factor = await factors.renameFactor(db, asking.principal.id, id, name);
      if (!factor) throw noFactor();
      const { principal, client } = asking;
      const event = { userId: principal.id, actorId: principal.id, sessionId: principal.sessionId, client };
      await audit.record(db, { ...event, type: 'factor.renamed', outcome: 'success', details: naming(factor) });
      return factor;
    },

    /** Records that a factor was used, in the transaction that does so. */
    recordUse: (db: Db, id: string): Promise<void> => factors.recordUse(db, id),
  };
}

interface Change {
  readonly type: AuditEventType;
  readonly notice: Extract<
    NoticeName,
    `${FactorKind}_${'added' | 'removed'}` | 'recovery_codes_renewed' | 'factors_reset'
  >;
  readonly details: Actor['details'];
}

const noUser = () => new ServiceError('not_found', { detail: 'There is no user with this id.' });

const noFactor = () => new ServiceError('not_found', { detail: 'There is no factor with this id.' });

const naming = ({ id, kind }: Factor) => ({ kind, factor_id: id });
