import { randomBytes } from 'node:crypto';
import type { components } from '../../../generated/openapi.ts';
import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { mostFactors, type Asking, type FactorsService } from '../factors/factors.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { describeClient } from '../sessions/client-description.ts';
import type * as challengesRepository from './passkey-challenges.repository.ts';
import type { OwnedPasskey, Passkey } from './passkey.ts';
import type * as passkeysRepository from './passkeys.repository.ts';
import { RefusedPasskey } from './refused-passkey.ts';
import { challengeHashOf, hashChallenge, userHandleOf, type MadeCredential, type WebAuthn } from './webauthn.ts';

type Wire = components['schemas'];

export interface PasskeysServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly factors: Pick<FactorsService, 'add' | 'confirm' | 'remove' | 'rename' | 'recordUse'>;
  readonly challenges: typeof challengesRepository;
  readonly passkeys: typeof passkeysRepository;
  /** `undefined` if the service has no domain, so that there are no passkeys. */
  readonly webAuthn: WebAuthn | undefined;
}

/** A challenge that somebody is to answer. */
export interface BegunAuthentication {
  /** In base64url. */
  readonly challenge: string;
  readonly timeoutSeconds: number;
  readonly expiresAt: Date;
  readonly rpId: string;
  readonly serviceName: string;
  /** The passkeys of whoever may answer it; empty if anybody may. */
  readonly known: readonly Passkey[];
}

/** A challenge for an authenticator that makes a passkey. */
export interface BegunRegistration extends BegunAuthentication {
  readonly user: User;
}

/** A passkey that was just registered. */
export interface RegisteredPasskey {
  readonly passkey: Passkey;
  /** Codes that stand in for it, if it is the first factor. */
  readonly recoveryCodes: readonly string[];
}

export type PasskeysService = ReturnType<typeof createPasskeysService>;

// The longest that WebAuthn recommends (section 15.1), for people who look for their key.
const timeoutSeconds = 600;

/** Passkeys: registered by signed-in users, and used to prove who somebody is. */
export function createPasskeysService(parts: PasskeysServiceParts) {
  const { database, audit, notices, factors, challenges, passkeys, webAuthn } = parts;

  function available(): WebAuthn {
    if (!webAuthn) throw new ServiceError('passkeys_unavailable');
    return webAuthn;
  }

  async function begin(
    purpose: 'registration' | 'authentication',
    userId: string | undefined,
    known: readonly Passkey[],
  ): Promise<BegunAuthentication> {
    const own = available();
    const { rpId, serviceName } = own;
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + timeoutSeconds * 1000);
    await challenges.insertChallenge(database.pool, { hash: hashChallenge(challenge), purpose, userId, expiresAt });
    own.prepare();
    return { challenge, timeoutSeconds, expiresAt, rpId, serviceName, known };
  }

  /** Uses the challenge up, whatever comes of the answer. Returns who may answer it. */
  async function takeChallenge(
    purpose: 'registration' | 'authentication',
    credential: Wire['RegistrationCredential'] | Wire['AuthenticationCredential'],
  ): Promise<string | undefined> {
    const taken = await challenges.takeChallenge(database.pool, challengeHashOf(credential), purpose);
    if (!taken) throw new RefusedPasskey('challenge', 'the challenge is unknown, was used or has expired');
    return taken.userId;
  }

  /** Finds whose passkey it is, and checks what it signed. Throws a RefusedPasskey. */
  async function verify(credential: Wire['AuthenticationCredential'], userId: string | undefined) {
    const asked = await takeChallenge('authentication', credential);
    const allowed = [asked, userId].filter((id) => id !== undefined);
    const found = await passkeys.findByCredential(database.pool, Buffer.from(credential.id, 'base64url'));
    if (!found) throw new RefusedPasskey('unknown', 'the passkey is not registered');
    const { user } = found;
    try {
      refuseOthers(credential, found, allowed);
      return { found, state: await available().verify(credential, found) };
    } catch (error) {
      if (!(error instanceof RefusedPasskey)) throw error;
      throw new RefusedPasskey(error.reason, error.message, { user, cause: error });
    }
  }

  return {
    /** Throws `passkeys_unavailable` and `too_many_factors`. */
    async beginRegistration(user: User): Promise<BegunRegistration> {
      available();
      const known = await passkeys.listPasskeys(database.pool, user.id);
      // Or an authenticator would keep one that can't be registered.
      if (known.length >= mostFactors.passkey) throw new ServiceError('too_many_factors');
      return { ...(await begin('registration', user.id, known)), user };
    },

    /** For anybody who has a passkey, or for one user. Throws `passkeys_unavailable`. */
    async beginAuthentication(userId?: string): Promise<BegunAuthentication> {
      const known = userId === undefined ? [] : await passkeys.listPasskeys(database.pool, userId);
      return begin('authentication', userId, known);
    },

    /**
     * Checks what an authenticator has made; the returned function registers it and ends the user's other sessions. Throws
     * `passkeys_unavailable` and a violation of the credential; the function throws `too_many_factors`, a violation if the credential is
     * registered already, and `invalid_token` if the session has ended meanwhile.
     */
    async register(
      asking: Asking,
      credential: Wire['RegistrationCredential'],
      name = nameFor(asking.client),
    ): Promise<(db: Db) => Promise<RegisteredPasskey>> {
      const { id: userId } = asking.principal;
      const made = await verifyNew(userId, credential);
      return async (db) => {
        const id = await factors.add(db, asking, { kind: 'passkey', name });
        await passkeys.insertPasskey(db, id, made);
        const { recoveryCodes } = await factors.confirm(db, asking, id);
        return { passkey: await find(db, userId, id), recoveryCodes };
      };
    },

    list: (userId: string): Promise<Passkey[]> => passkeys.listPasskeys(database.pool, userId),

    /** Throws `not_found`. */
    async rename(db: Db, asking: Asking, id: string, name: string): Promise<Passkey> {
      const { id: userId } = asking.principal;
      await find(db, userId, id);
      await factors.rename(db, asking, id, name);
      return find(db, userId, id);
    },

    /** Ends the user's other sessions. Throws `not_found`, and `invalid_token` if the session has ended meanwhile. */
    async remove(db: Db, asking: Asking, id: string): Promise<void> {
      await find(db, asking.principal.id, id);
      await factors.remove(db, asking, id);
    },

    /**
     * Finds out who answered a challenge by a passkey, and records that it was used. Only `userId` may have, if it is given. Throws
     * `passkeys_unavailable`, and a RefusedPasskey; one whose counter went back is recorded and mailed to its user.
     */
    async prove(credential: Wire['AuthenticationCredential'], client: Client, userId?: string): Promise<OwnedPasskey> {
      available();
      const { found, state } = await verify(credential, userId);
      const isNewer = await database.transaction(async (db) => {
        if (!(await passkeys.recordState(db, found.id, state))) return false;
        await factors.recordUse(db, found.id);
        return true;
      });
      if (isNewer) return found;
      await reportClone(found, client);
      throw new RefusedPasskey('cloned', 'the counter went back', { user: found.user });
    },
  };

  async function verifyNew(userId: string, credential: Wire['RegistrationCredential']): Promise<MadeCredential> {
    const own = available();
    try {
      if ((await takeChallenge('registration', credential)) !== userId) {
        throw new RefusedPasskey('challenge', 'the challenge is for another user');
      }
      return await own.verifyNew(credential);
    } catch (error) {
      throw error instanceof RefusedPasskey ? error.violationAt(['body', 'credential']) : error;
    }
  }

  async function find(db: Db, userId: string, id: string): Promise<Passkey> {
    const found = await passkeys.findPasskey(db, userId, id);
    if (!found) throw new ServiceError('not_found', { detail: 'There is no passkey with this id.' });
    return found;
  }

  async function reportClone({ id, user }: OwnedPasskey, client: Client): Promise<void> {
    await database.transaction(async (db) => {
      const event = { type: 'passkey.cloned', outcome: 'failure', userId: user.id, client } as const;
      await audit.record(db, { ...event, details: { factor_id: id } });
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId: user.id, to: user.email, notice: 'passkey_cloned', values });
    });
  }
}

/** The user must be whoever may answer; and where anybody may, the authenticator has to name them (WebAuthn, section 7.2, step 6). */
function refuseOthers(
  { response }: Wire['AuthenticationCredential'],
  { user }: OwnedPasskey,
  allowed: readonly string[],
): void {
  const handle = userHandleOf(user.id);
  const { userHandle = '' } = response;
  const isNamed = userHandle === handle || (userHandle === '' && allowed.length > 0);
  if (!isNamed) throw new RefusedPasskey('broken', 'the authenticator names another user, or none');
  if (allowed.some((id) => id !== user.id)) throw new RefusedPasskey('unknown', 'it is of another user');
}

/** What a passkey is called by default: the browser and device that registered it. */
function nameFor({ userAgent }: Client): string {
  const { browser, device } = describeClient(userAgent);
  const name = [browser, device].filter(Boolean).join(' on ');
  return /^[\w.+() -]{1,64}$/.test(name) ? name : 'Passkey';
}
