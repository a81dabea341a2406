import type { Model, QueryBuilder } from 'objection';
import type { Db, Preparing } from './database.ts';
import { retryOutdated } from './freshness.ts';

type Build<Values extends readonly unknown[]> = (db: Db, ...values: Values) => QueryBuilder<Model, unknown>;

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

interface Statement {
  readonly text: string;
  /** For each binding: the position of the value that it takes, or what it always is. */
  readonly bindings: readonly ({ readonly position: number } | { readonly constant: unknown })[];
}

/** A value that depends on the connection. */
export type OfConnection = (connection: object) => unknown;

// A number serves as any binding, also where knex wants one, as in LIMIT.
const firstMarker = 2_147_400_000;

/**
 * A query that Objection builds and PostgreSQL plans once (building takes longer than running it): `build` is called once, with
 * stand-ins for the values, and must put each into the query as a binding. `name` must be the query's own.
 */
export function prepare<Row, Values extends readonly unknown[] = readonly unknown[]>(
  name: string,
  build: Build<Values>,
): (db: Db, ...values: Values) => Promise<Row[]> {
  let statement: Statement | undefined;
  return async (db, ...values) => {
    statement ??= compile(db, build, values.length);
    const { text, bindings } = statement;
    const connections = db.client as Connections;
    const planned = connections.config.preparedStatements ? name : undefined;
    const ask = async () => {
      const connection = await connections.acquireConnection();
      try {
        const bound = bindings.map((binding) => {
          const value = 'position' in binding ? values[binding.position] : binding.constant;
          return typeof value === 'function' ? (value as OfConnection)(connection) : value;
        });
        const { rows } = await connection.query({ name: planned, text, values: bound });
        return rows as Row[];
      } finally {
        await connections.releaseConnection(connection);
      }
    };
    // A transaction is done again as a whole.
    return db.isTransaction ? ask() : retryOutdated(ask);
  };
}

/** The same for a query that has several shapes, and few: `build` is called once for each name. */
export function prepareShapes<Row, Shape, Values extends readonly unknown[] = readonly unknown[]>(
  nameOf: (shape: Shape) => string,
  build: (db: Db, shape: Shape, ...values: Values) => QueryBuilder<Model, unknown>,
): (db: Db, shape: Shape, ...values: Values) => Promise<Row[]> {
  const prepared = new Map<string, (db: Db, ...values: Values) => Promise<Row[]>>();
  return (db, shape, ...values) => {
    const name = nameOf(shape);
    let run = prepared.get(name);
    if (!run) {
      run = prepare<Row, Values>(name, (any, ...stands) => build(any, shape, ...stands));
      prepared.set(name, run);
    }
    return run(db, ...values);
  };
}

function compile<Values extends readonly unknown[]>(db: Db, build: Build<Values>, count: number): Statement {
  const markers = Array.from({ length: count }, (_, index) => firstMarker + index);
  const { sql, bindings } = build(db, ...(markers as unknown as Values))
    .toKnexQuery()
    .toSQL()
    .toNative();
  const used = bindings.map((binding) => {
    const position = markers.indexOf(binding as number);
    return position < 0 ? { constant: binding } : { position };
  });
  return { text: sql, bindings: used };
}
