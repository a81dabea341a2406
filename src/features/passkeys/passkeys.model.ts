import { Model } from 'objection';

/** A row of `passkeys`: what is particular to factors of this kind. It is deleted along with its factor. */
export class PasskeyModel extends Model {
  static override readonly tableName = 'passkeys';
  static override readonly idColumn = 'factor_id';

  declare factor_id: string;
  declare credential_id: Buffer;
  /** A COSE key (RFC 9052). */
  declare public_key: Buffer;
  /** An integer, which the driver reads as text. */
  declare sign_count: string;
  declare transports: string[];
  declare is_backup_eligible: boolean;
  declare is_backed_up: boolean;
  declare aaguid: string;
}
