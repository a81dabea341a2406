/** Events in the audit trail, told or looked up behind the API's back. */
import type { AuditEvent } from '../../src/features/audit/audit-event.ts';
import type { TestApp } from './app.ts';

export type EventRow = Readonly<Record<string, unknown>>;

/** Records an event, a registration unless told otherwise. */
export async function addEvent(app: TestApp, event: Partial<AuditEvent> = {}): Promise<void> {
  const { database, features } = app.context;
  await features.audit.service.record(database.pool, { type: 'user.registered', outcome: 'success', ...event });
}

/** The rows about a user, the oldest first. */
export async function eventsOf(app: TestApp, userId: string | null): Promise<EventRow[]> {
  return app.context.database.pool<EventRow>('audit_events').where({ user_id: userId }).orderBy(['created_at', 'id']);
}
