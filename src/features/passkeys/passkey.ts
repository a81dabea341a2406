import type { User } from '../../access/user.ts';
import type { StoredCredential } from './webauthn.ts';

/** A passkey as its user sees it. */
export interface Passkey {
  /** That of its factor. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly credentialId: Buffer;
  readonly transports: readonly string[];
  /** The model of its authenticator. */
  readonly aaguid: string;
  readonly isBackedUp: boolean;
}

/** A passkey with its user, to verify what it signed. */
export interface OwnedPasskey extends StoredCredential {
  readonly id: string;
  readonly user: User;
  readonly credentialsVersion: number;
}
