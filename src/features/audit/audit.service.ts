import type { Client } from '../../access/client.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import type { Cursors, Place } from '../../platform/lists/cursors.ts';
import { readPart, type Part, type PartRequest } from '../../platform/lists/parts.ts';
import type * as auditRepository from './audit.repository.ts';
import type { findNames as findNamesOfUsers, NamedUser } from '../users/joined-user.ts';
import type { AuditEvent, AuditEventType, RecordedEvent } from './audit-event.ts';
import type { EventCount, EventQuery } from './audit.repository.ts';

/** A part of a list of events, with the users who are in them. */
export interface TrailPart extends Part<RecordedEvent> {
  readonly users: readonly NamedUser[];
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
  function list(query: EventQuery, request: PartRequest): Promise<Part<RecordedEvent>> {
    const list = {
      name: nameOf(query),
      read: (limit: number, after?: Place) => events.listEvents(database.pool, query, limit, after),
      placeOf: ({ createdAt, id }: RecordedEvent) => ({ value: createdAt.toISOString(), id }),
    };
    return readPart(cursors, list, request);
  }

  return {
    /** Writes an event in the transaction of what happened, so that neither is kept without the other. */
    record: (db: Db, event: AuditEvent): Promise<void> => events.insertEvent(db, event),

    /** The newest first, and who is in them. Throws `validation_failed` for an invalid cursor. */
    async list(query: EventQuery, request: PartRequest): Promise<TrailPart> {
      const part = await list(query, request);
      const ids = part.rows.flatMap(({ userId, actorId }) => [userId, actorId]).filter((id) => id !== undefined);
      return { ...part, users: ids.length === 0 ? [] : await findNames(database.pool, [...new Set(ids)]) };
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
    async listOwn(
      userId: string,
      query: Omit<EventQuery, 'userId'>,
      request: PartRequest,
    ): Promise<Part<RecordedEvent>> {
      const { rows, nextCursor } = await list({ ...query, userId }, request);
      const isOwn = ({ actorId }: RecordedEvent) => actorId === undefined || actorId === userId;
      return { rows: rows.map((event) => (isOwn(event) ? event : { ...event, client: {} })), nextCursor };
    },
  };
}

// No other list has this name, so that its cursors are refused here.
function nameOf({ actorId, userId, type, outcome, from, to }: EventQuery): string {
  return JSON.stringify(['audit_events', { actorId, userId, type, outcome, from, to }]);
}
