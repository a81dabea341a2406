import { Model } from 'objection';

/** A row of `totp_seeds`: what an authenticator app computes its codes from, encrypted. */
export class TotpSeedModel extends Model {
  static override readonly tableName = 'totp_seeds';
  static override readonly idColumn = 'factor_id';

  declare factor_id: string;
  declare seed: Buffer;
  /** The step of the last code that was used; a string, since PostgreSQL's bigint may exceed a number. */
  declare last_step: string;
}
