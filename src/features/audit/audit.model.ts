import { Model } from 'objection';

/** A row of `audit_events`. */
export class AuditEventModel extends Model {
  static override readonly tableName = 'audit_events';

  declare id: string;
  declare created_at: Date;
  declare type: string;
  declare outcome: 'success' | 'failure';
  declare user_id: string | null;
  declare actor_id: string | null;
  declare session_id: string | null;
  declare request_id: string | null;
  declare ip_address: string | null;
  declare user_agent: string | null;
  declare details: Record<string, string | number | boolean>;
}
