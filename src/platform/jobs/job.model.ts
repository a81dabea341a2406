import { Model } from 'objection';
import type { Payload } from './job.ts';

/** A row of `jobs`: something to do. It is deleted when it is done. */
export class JobModel extends Model {
  static override readonly tableName = 'jobs';

  declare id: string;
  declare name: string;
  declare payload: Payload;
  /** Whether it is due again when it is done; there is one such row of a name. */
  declare is_recurring: boolean;
  declare created_at: Date;
  /** When a worker may take it: while one has it, when the lease ends. */
  declare run_at: Date;
  /** How often it was taken. */
  declare attempts: number;
  /** Who has it: a worker changes only what it holds the lease of. */
  declare lease_id: string | null;
  declare last_error: string | null;
  declare dead_at: Date | null;
}
