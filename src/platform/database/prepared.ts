import { hash } from 'node:crypto';
import type { Db, Preparing } from './database.ts';
import { retryOutdated } from './freshness.ts';

/** What is needed of node-postgres, which is below knex. */
interface Connection {
  query(statement: { name: string | undefined; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** What knex keeps connections in: the pool, or the one connection of a transaction. */
interface Connections {
  readonly config: Preparing;
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

/** A value that depends on the connection. */
type OfConnection = (connection: object) => unknown;

/**
 * A hot query, in SQL with `$1` for the first value, which PostgreSQL plans once for each connection: to build a query with Objection
 * takes longer than to run it. A query of several forms must have few.
 */
export function prepare<Row>(text: string): (db: Db, ...values: unknown[]) => Promise<Row[]> {
  const name = hash('sha1', text);
  return (db, ...values) => {
    const connections = db.client as Connections;
    const planned = connections.config.preparedStatements ? name : undefined;
    const run = async () => {
      const connection = await connections.acquireConnection();
      try {
        const bound = values.map((value) =>
          typeof value === 'function' ? (value as OfConnection)(connection) : value,
        );
        const { rows } = await connection.query({ name: planned, text, values: bound });
        return rows as Row[];
      } finally {
        await connections.releaseConnection(connection);
      }
    };
    // A transaction is done again as a whole.
    return db.isTransaction ? run() : retryOutdated(run);
  };
}
