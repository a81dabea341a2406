import { Model } from 'objection';
import type { SessionMethod } from './session.ts';

/** A row of `sessions`. */
export class SessionModel extends Model {
  static override readonly tableName = 'sessions';

  declare id: string;
  declare user_id: string;
  declare created_at: Date;
  declare expires_at: Date;
  declare ended_at: Date | null;
  /** The user's when the session began; the session is valid while the two are equal. */
  declare credentials_version: number;
  /** When the user last proved who they are; null in sessions of an earlier release, where that was when they began. */
  declare authenticated_at: Date | null;
  declare last_used_at: Date;
  /** Null in sessions of an earlier release, whose refresh tokens are rows. */
  declare secret: Buffer | null;
  declare generation: number;
  declare methods: SessionMethod[];
  declare user_agent: string | null;
  declare ip_address: string | null;
}

/** Whether a session, joined with its user, is active: not ended, not expired, the user active and with the same credentials. */
export const isActive = `(sessions.ended_at is null and sessions.expires_at > now() and users.is_active
  and users.deleted_at is null and sessions.credentials_version = users.credentials_version)`;
