import { raw, UniqueViolationError } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { violation } from '../../platform/violations.ts';
import { toUser, userColumns, UserModel, type UserRow } from '../users/joined-user.ts';
import type { OwnedPasskey, Passkey } from './passkey.ts';
import { PasskeyModel } from './passkeys.model.ts';
import type { AuthenticatorState, MadeCredential } from './webauthn.ts';

/** Throws a violation if the credential is registered already, even in a concurrent transaction that commits first. */
export async function insertPasskey(db: Db, factorId: string, credential: MadeCredential): Promise<void> {
  try {
    await PasskeyModel.query(db).insert({
      factor_id: factorId,
      credential_id: credential.credentialId,
      public_key: credential.publicKey,
      sign_count: String(credential.signCount),
      transports: [...credential.transports],
      is_backup_eligible: credential.isBackupEligible,
      is_backed_up: credential.isBackedUp,
      aaguid: credential.aaguid,
    });
  } catch (error) {
    const isKnown = error instanceof UniqueViolationError && error.constraint === 'passkeys_credential_id_key';
    throw isKnown ? violation(['body', 'credential'], 'passkey_registered') : error;
  }
}

interface PasskeyRow extends Pick<PasskeyModel, 'credential_id' | 'transports' | 'aaguid' | 'is_backed_up'> {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

/** The passkeys of a user, the oldest first. */
export async function listPasskeys(db: Db, userId: string): Promise<Passkey[]> {
  const rows = await ofUser(db, userId).orderBy(['factors.created_at', 'factors.id']);
  return (rows as unknown as PasskeyRow[]).map(toPasskey);
}

export async function findPasskey(db: Db, userId: string, id: string): Promise<Passkey | undefined> {
  const row = await ofUser(db, userId).findOne({ 'factors.id': id });
  return row && toPasskey(row as unknown as PasskeyRow);
}

/** Finds a passkey and its user, who may be inactive but was not deleted. */
export async function findByCredential(db: Db, credentialId: Buffer): Promise<OwnedPasskey | undefined> {
  const row = (await PasskeyModel.query(db)
    .join('factors', 'factors.id', 'passkeys.factor_id')
    .join(UserModel.tableName, 'users.id', 'factors.user_id')
    .select(...userColumns.map((column) => `users.${column}`), 'users.credentials_version')
    .select('passkeys.factor_id', 'passkeys.credential_id', 'passkeys.public_key')
    .whereNull('users.deleted_at')
    .whereNotNull('factors.confirmed_at')
    .findOne({ 'passkeys.credential_id': credentialId })) as unknown as
    (UserRow & Pick<UserModel, 'credentials_version'> & PasskeyModel) | undefined;
  return (
    row && {
      id: row.factor_id,
      credentialId: row.credential_id,
      publicKey: row.public_key,
      user: toUser(row),
      credentialsVersion: row.credentials_version,
    }
  );
}

/**
 * Stores what an authenticator said, unless its counter stands still or goes back; returns whether it did. Authenticators that don't
 * count always say 0 (WebAuthn, section 6.1.1).
 */
export async function recordState(db: Db, id: string, { signCount, isBackedUp }: AuthenticatorState): Promise<boolean> {
  const updated = await PasskeyModel.query(db)
    .patch({ sign_count: String(signCount), is_backed_up: isBackedUp })
    .where({ factor_id: id })
    .where((newer) => {
      void newer.where('sign_count', '<', signCount).orWhere(raw('sign_count = 0 and ?::bigint = 0', [signCount]));
    });
  return updated > 0;
}

function ofUser(db: Db, userId: string) {
  return PasskeyModel.query(db)
    .join('factors', 'factors.id', 'passkeys.factor_id')
    .select('factors.id', 'factors.name', 'factors.created_at', 'factors.last_used_at')
    .select('passkeys.credential_id', 'passkeys.transports', 'passkeys.aaguid', 'passkeys.is_backed_up')
    .where({ 'factors.user_id': userId })
    .whereNotNull('factors.confirmed_at');
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    credentialId: row.credential_id,
    transports: row.transports,
    aaguid: row.aaguid,
    isBackedUp: row.is_backed_up,
  };
}
