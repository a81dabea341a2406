import type { components } from '../../../generated/openapi.ts';
import type { RecordedEvent } from './audit-event.ts';
import type { Part } from '../../platform/lists/parts.ts';
import type { TrailPart } from './audit.service.ts';

/** The one place where an event becomes what clients see. */
export function toWireEvent(event: RecordedEvent): components['schemas']['AuditEvent'] {
  const { client, details = {} } = event;
  return {
    id: event.id,
    created_at: event.createdAt.toISOString(),
    type: event.type,
    outcome: event.outcome,
    user_id: event.userId ?? null,
    actor_id: event.actorId ?? null,
    session_id: event.sessionId ?? null,
    request_id: client.requestId ?? null,
    ip_address: client.address ?? null,
    user_agent: client.userAgent ?? null,
    details: Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)])),
  };
}

export function toWirePage({ rows, nextCursor }: Part<RecordedEvent>): components['schemas']['AuditEventPage'] {
  return { items: rows.map(toWireEvent), next_cursor: nextCursor };
}

export function toWireTrail(part: TrailPart): components['schemas']['AuditTrailPage'] {
  const users = part.users.map(({ id, email, fullName, isDeleted }) => ({
    id,
    email,
    full_name: fullName,
    is_deleted: isDeleted,
  }));
  return { ...toWirePage(part), users };
}
