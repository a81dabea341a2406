import type { Client } from '../../access/client.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import type { Cursors } from '../../platform/lists/cursors.ts';
import type * as auditRepository from './audit.repository.ts';
import type { findNames as findNamesOfUsers, NamedUser } from '../users/joined-user.ts';
import type { AuditEvent, AuditEventType, RecordedEvent } from './audit-event.ts';
import type { EventCount, EventQuery } from './audit.repository.ts';

/** A part of a list of events. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  readonly nextCursor: string | null;
}

/** The same, with the users who are in these events. */
export interface TrailPage extends EventPage {
  readonly users: readonly NamedUser[];
}

export interface EventPageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface AuditServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly events: Pick<
    typeof auditRepository,
    | 'insertEvent'
    | 'listEvents'
    | 'eraseEventsOf'
    | 'findSignIn'
    | 'hasLatelySignedIn'
    | 'listEarlierClients'
    | 'countEventsByDay'
  >;
  readonly findNames: typeof findNamesOfUsers;
  readonly cursors: Cursors;
}

export type AuditService = ReturnType<typeof createAuditService>;

/** The audit trail: what happened to accounts, and who did it. */
export function createAuditService({ database, events, findNames, cursors }: AuditServiceParts) {
  async function list(query: EventQuery, { limit, cursor }: EventPageRequest): Promise<EventPage> {
    const name = nameOf(query);
    const after = cursor === undefined ? undefined : cursors.read(name, cursor);
    const found = await events.listEvents(database.pool, query, limit + 1, after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const isLast = found.length <= limit || !last;
    return {
      events: page,
      nextCursor: isLast ? null : cursors.write(name, { value: last.createdAt.toISOString(), id: last.id }),
    };
  }

  return {
    /** Writes an event in the transaction of what happened, so that neither is kept without the other. */
    record: (db: Db, event: AuditEvent): Promise<void> => events.insertEvent(db, event),

    /** The newest first, and who is in them. Throws `validation_failed` for an invalid cursor. */
    async list(query: EventQuery, request: EventPageRequest): Promise<TrailPage> {
      const page = await list(query, request);
      const ids = page.events.flatMap(({ userId, actorId }) => [userId, actorId]).filter((id) => id !== undefined);
      return { ...page, users: ids.length === 0 ? [] : await findNames(database.pool, [...new Set(ids)]) };
    },

    /** The start of a session, and from where and with what its user signed in before that; `undefined` if it was not recorded. */
    async findSignIn(userId: string, sessionId: string) {
      const begun = await events.findSignIn(database.pool, userId, sessionId);
      return begun && { begun, earlier: await events.listEarlierClients(database.pool, begun) };
    },

    /** Whether another sign-in among a user's last hundred events came from the same address and with the same program. */
    hasLatelySignedIn: (db: Db, userId: string, sessionId: string, client: Client): Promise<boolean> =>
      events.hasLatelySignedIn(db, userId, sessionId, client),

    /** How many events of each type there were on each day in UTC, such as `2026-01-15`; each counted up to `most`. */
    countByDay: (types: readonly AuditEventType[], days: readonly string[], most: number): Promise<EventCount[]> =>
      events.countEventsByDay(database.pool, types, days, most),

    /** Erases the personal data in a deleted user's events: where from, with what, and details. Throws if the user was not deleted. */
    eraseOf: (db: Db, userId: string): Promise<void> => events.eraseEventsOf(db, userId),

    /** What is about a user, as they may see it: where somebody else did it from stays hidden. */
    async listOwn(userId: string, query: Omit<EventQuery, 'userId'>, request: EventPageRequest): Promise<EventPage> {
      const page = await list({ ...query, userId }, request);
      const isOwn = ({ actorId }: RecordedEvent) => actorId === undefined || actorId === userId;
      return { ...page, events: page.events.map((event) => (isOwn(event) ? event : { ...event, client: {} })) };
    },
  };
}

// No other list has this name, so that its cursors are refused here.
function nameOf({ actorId, userId, type, outcome, from, to }: EventQuery): string {
  return JSON.stringify(['audit_events', { actorId, userId, type, outcome, from, to }]);
}
