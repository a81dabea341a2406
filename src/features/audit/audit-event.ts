import type { components } from '../../../generated/openapi.ts';
import type { Client } from '../../access/client.ts';

/** What can happen: the contract's list. */
export type AuditEventType = components['schemas']['AuditEventType'];

/** Who did something, from where, and what else is to be known about it. */
export interface Actor {
  /** `undefined` if nobody was signed in, or if an operator or the server did it. */
  readonly actorId?: string | undefined;
  readonly client?: Client | undefined;
  /** Never a secret, and never what somebody typed as an unknown address: people type passwords there. */
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Whoever runs the server, through a command or a setting. */
export const operator: Actor = { details: { by: 'operator' } };

/** Something that happened to an account. */
export interface AuditEvent extends Actor {
  readonly type: AuditEventType;
  readonly outcome: 'success' | 'failure';
  /** Whom it is about. */
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** An event as it was stored. */
export interface RecordedEvent extends Omit<AuditEvent, 'client'> {
  readonly id: string;
  readonly createdAt: Date;
  readonly client: Partial<Client>;
}
