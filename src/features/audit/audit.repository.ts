import type { QueryBuilder } from 'objection';
import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
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

/** Deletes up to `limit` of the oldest events beyond the retention, which is at least 30 days; returns how many. */
export async function expireEvents(db: Db, retentionDays: number, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: [{ count: number }] }>('select expire_audit_events(?, ?) as count', [
    retentionDays,
    limit,
  ]);
  return rows[0].count;
}

/** Erases addresses, user agents and details of a deleted user's events; the events stay. */
export async function eraseEventsOf(db: Db, userId: string): Promise<void> {
  await db.raw('select erase_audit_events_of(?)', [userId]);
}

// An address is empty if its client has already disconnected.
const presentOf = (text: string | undefined) => (text === '' ? undefined : text);

/** The newest events first, or those that come after a place. */
export async function listEvents(db: Db, query: EventQuery, limit: number, after?: Place): Promise<RecordedEvent[]> {
  const events = matching(db, query).orderByRaw('created_at desc, id desc').limit(limit);
  if (after) void events.whereRaw('(created_at, id) < (?, ?)', [after.value, after.id]);
  return (await events).map(toEvent);
}

/** The start of a session, if it was recorded. */
export async function findSignIn(db: Db, userId: string, sessionId: string): Promise<RecordedEvent | undefined> {
  const started = matching(db, { userId, type: 'session.started' }).where('session_id', sessionId);
  const [row] = await started.orderBy('created_at', 'desc').limit(1);
  return row && toEvent(row);
}

/** Whether another sign-in among a user's last hundred events came from the same address and with the same program. */
export async function hasLatelySignedIn(db: Db, userId: string, sessionId: string, client: Client): Promise<boolean> {
  const place = [presentOf(client.address), presentOf(client.userAgent)];
  return (await selectAlike(db, userId, sessionId, ...place)).length > 0;
}

// Bounded before it is filtered, since strangers can add any number of failures.
const selectAlike = prepare(
  `select from (
    select type, session_id, ip_address, user_agent from audit_events
    where user_id = $1 order by created_at desc, id desc limit 100
  ) as latest
  where type = 'session.started' and session_id <> $2
    and ip_address is not distinct from $3 and user_agent is not distinct from $4 limit 1`,
);

/** From where and with what a user signed in before, in the last thousand times; each once. */
export async function listEarlierClients(
  db: Db,
  { userId, createdAt, id }: RecordedEvent,
): Promise<RecordedEvent['client'][]> {
  return (await selectEarlierClients(db, userId, createdAt, id)).map(toClient);
}

const selectEarlierClients = prepare<ClientRow>(
  `select distinct null as request_id, ip_address, user_agent from (
    select ip_address, user_agent from audit_events
    where user_id = $1 and type = 'session.started' and (created_at, id) < ($2, $3)
    order by created_at desc, id desc limit 1000
  ) as earlier`,
);

/** How many events of a type there were on a day, or the number at which counting stopped. */
export interface EventCount {
  readonly type: string;
  readonly day: string;
  readonly count: number;
}

/** Counts the events of each type on each day in UTC, such as `2026-01-15`, but no more than `most` of each. */
export async function countEventsByDay(
  db: Db,
  types: readonly AuditEventType[],
  days: readonly string[],
  most: number,
): Promise<EventCount[]> {
  return selectCounts(db, types, days, most);
}

const selectCounts = prepare<EventCount>(
  `select wanted.type, day, (
    select count(*)::int from (
      select from audit_events
      where audit_events.type = wanted.type
        and created_at >= (day || ' 00:00Z')::timestamptz
        and created_at < (day || ' 00:00Z')::timestamptz + interval '24 hours'
      order by created_at, id limit $3
    ) as counted
  ) as count
  from unnest($1::text[]) as wanted(type), unnest($2::text[]) as days(day)`,
);

const batchSize = 1000;

/** Reads events, the oldest first, as they are when it begins; however many there are, it holds one batch of them. */
export async function* readEvents(pool: Db, query: EventQuery): AsyncGenerator<RecordedEvent[]> {
  const { sql, bindings } = matching(pool, query).orderByRaw('created_at, id').toKnexQuery().toSQL();
  const db = await pool.transaction();
  try {
    // Whoever reads may be slow.
    await db.raw('set local idle_in_transaction_session_timeout = 0');
    await db.raw(`declare events no scroll cursor for ${sql}`, bindings as never);
    for (;;) {
      const { rows } = await db.raw<{ rows: AuditEventModel[] }>(`fetch ${batchSize} from events`);
      if (rows.length === 0) return;
      yield rows.map(toEvent);
    }
  } finally {
    await db.rollback();
  }
}

function matching(db: Db, { actorId, userId, type, outcome, from, to }: EventQuery): QueryBuilder<AuditEventModel> {
  const events = AuditEventModel.query(db);
  if (actorId !== undefined) void events.where('actor_id', actorId);
  if (userId !== undefined) void events.where('user_id', userId);
  if (type !== undefined) void events.where('type', type);
  if (outcome !== undefined) void events.where('outcome', outcome);
  if (from !== undefined) void events.where('created_at', '>=', from);
  if (to !== undefined) void events.where('created_at', '<', to);
  return events;
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
    client: toClient(row),
    details: row.details,
  };
}

type ClientRow = Pick<AuditEventModel, 'request_id' | 'ip_address' | 'user_agent'>;

function toClient(row: ClientRow): RecordedEvent['client'] {
  return {
    ...(row.request_id !== null && { requestId: row.request_id }),
    ...(row.ip_address !== null && { address: row.ip_address }),
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
  };
}
