import { hash } from 'node:crypto';
import type { Submittable } from 'pg';
import type { Connection } from './connection.ts';
import type { Db, Preparing } from './database.ts';
import { retryOutdated } from './freshness.ts';
import type { Handover } from './handover.ts';
import { PlannedQuery, type Statement } from './planned-query.ts';

/** knex's client: a pool, or the one connection of a transaction. */
interface Connections {
  readonly config: Preparing;
  /** Only a pool has it. */
  readonly handover?: Handover;
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

/** Computes a value that depends on the connection. */
type OfConnection = (connection: object) => unknown;

/**
 * A hot query, in SQL with `$1` for the first value, which PostgreSQL plans once per connection; building it with Objection would take
 * longer than running it. Each distinct text is kept by every connection, so a query must have few variants.
 */
export function prepare<Row>(text: string): Run<Row> {
  return runner(text, hash('sha1', text));
}

/** The same for a query whose best plan depends on its values. */
export function planEachTime<Row>(text: string): Run<Row> {
  return runner(text);
}

type Run<Row> = (db: Db, ...values: unknown[]) => Promise<Row[]>;

function runner<Row>(text: string, name?: string): Run<Row> {
  return (db, ...values) => {
    const connections = db.client as Connections;
    const planned = connections.config.preparedStatements ? name : undefined;
    const run = async () => {
      const { handover } = connections;
      const connection = handover?.take() ?? (await connections.acquireConnection());
      try {
        const bound = values.map((value) =>
          typeof value === 'function' ? (value as OfConnection)(connection) : value,
        );
        const rows: unknown[] =
          planned === undefined
            ? (await connection.query({ text, values: bound })).rows
            : await runPlanned(connection, { name: planned, text, values: bound });
        return rows as Row[];
      } finally {
        if (handover) handover.give(connection);
        else await connections.releaseConnection(connection);
      }
    };
    // Transactions are retried as a whole.
    return db.isTransaction ? run() : retryOutdated(run);
  };
}

async function runPlanned(connection: Connection, statement: Statement): Promise<unknown[]> {
  try {
    return await new Promise((resolve, reject) => {
      const query = new PlannedQuery(connection, statement, (error, rows) => (error ? reject(error) : resolve(rows)));
      connection.query(query as unknown as Submittable);
    });
  } catch (error) {
    // Its own stack leads to the socket, not to who asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}
