import { Model } from 'objection';
import type { Payload } from './job.ts';

/** A row of `jobs`. It is deleted when the job is done. */
export class JobModel extends Model {
  static override readonly tableName = 'jobs';

  declare id: string;
  declare name: string;
  declare payload: Payload;
  /** At most one job of a name that is not dead has it. */
  declare key: string | null;
  /** Whether it is rescheduled when done; each name has at most one such row. */
  declare is_recurring: boolean;
  declare created_at: Date;
  /** When a worker may lease it; while it is leased, when the lease expires. */
  declare run_at: Date;
  /** How often it was leased. */
  declare attempts: number;
  /** The current lease; a worker changes only jobs whose lease it holds. */
  declare lease_id: string | null;
  declare last_error: string | null;
  declare dead_at: Date | null;
}
