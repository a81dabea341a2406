import { v7 as createId } from 'uuid';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { Place } from '../../platform/lists/cursors.ts';
import type { AuditEvent, AuditEventType, RecordedEvent } from './audit-event.ts';
import { AuditEventModel } from './audit.model.ts';

/** Which events to list; all that match every filter. */
export interface EventQuery {
  readonly actorId?: string | undefined;
  readonly userId?: string | undefined;
  readonly type?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  /** The first moment, in RFC 3339. */
  readonly from?: string | undefined;
  /** The moment after the last, in RFC 3339. */
  readonly to?: string | undefined;
}

const insert = prepare(
  `insert into audit_events
    (id, type, outcome, user_id, actor_id, session_id, request_id, ip_address, user_agent, details)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

export async function insertEvent(db: Db, event: AuditEvent): Promise<void> {
  const { type, outcome, userId, actorId, sessionId, client, details = {} } = event;
  const ids = [userId, actorId, sessionId, client?.requestId];
  const place = [presentOf(client?.address), presentOf(client?.userAgent)];
  await insert(db, createId(), type, outcome, ...ids, ...place, JSON.stringify(details));
}

// An address is empty if its client has already disconnected.
const presentOf = (text: string | undefined) => (text === '' ? undefined : text);

/** The newest events first, or those that come after a place. */
export async function listEvents(db: Db, query: EventQuery, limit: number, after?: Place): Promise<RecordedEvent[]> {
  const { actorId, userId, type, outcome, from, to } = query;
  const events = AuditEventModel.query(db).orderByRaw('created_at desc, id desc').limit(limit);
  if (actorId !== undefined) void events.where('actor_id', actorId);
  if (userId !== undefined) void events.where('user_id', userId);
  if (type !== undefined) void events.where('type', type);
  if (outcome !== undefined) void events.where('outcome', outcome);
  if (from !== undefined) void events.where('created_at', '>=', from);
  if (to !== undefined) void events.where('created_at', '<', to);
  if (after) void events.whereRaw('(created_at, id) < (?, ?)', [after.value, after.id]);
  return (await events).map(toEvent);
}

/** The one place where a row becomes an event. */
function toEvent(row: AuditEventModel): RecordedEvent {
  return {
    id: row.id,
    createdAt: row.created_at,
    // Whoever reads must expect types of other releases.
    type: row.type as AuditEventType,
    outcome: row.outcome,
    userId: row.user_id ?? undefined,
    actorId: row.actor_id ?? undefined,
    sessionId: row.session_id ?? undefined,
    client: {
      ...(row.request_id !== null && { requestId: row.request_id }),
      ...(row.ip_address !== null && { address: row.ip_address }),
      ...(row.user_agent !== null && { userAgent: row.user_agent }),
    },
    details: row.details,
  };
}
