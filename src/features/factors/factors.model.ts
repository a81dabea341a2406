import { Model } from 'objection';
import type { FactorKind } from './factor.ts';

/** A row of `factors`; what is particular to a kind hangs on it in a table of its own. */
export class FactorModel extends Model {
  static override readonly tableName = 'factors';

  declare id: string;
  declare user_id: string;
  declare kind: FactorKind;
  /** What its user calls it. */
  declare name: string;
  declare created_at: Date;
  /** Null until it was used once: until then it counts for nothing, and expires. */
  declare confirmed_at: Date | null;
  declare last_used_at: Date | null;
}
