import type { Schemes } from '../access/scheme.ts';
import type { RepeatRules } from '../http/idempotency.ts';
import type { Handlers } from '../http/operation.ts';
import type { EndObservers } from '../http/request-context.ts';
import type { Database, Db } from '../platform/database/database.ts';
import type { Finding } from '../platform/findings.ts';

/** What a feature gives the rest of the house. All but its handlers is optional. */
export interface Feature {
  /** Of its operations; together, features handle each operation of the contract once. */
  readonly handlers: Partial<Handlers>;
  /** How repeats of its public operations are told apart. */
  readonly repeatRules?: RepeatRules;
  /** The security schemes of the contract that it authenticates by. */
  readonly schemes?: Partial<Schemes>;
  readonly endObservers?: EndObservers;
  /** Rows that nobody can use any more. */
  readonly expiry?: readonly Expiry[];
  /** The indexes of its tables, each with a query that needs it; without one where PostgreSQL may rightly do without. */
  readonly indexes?: Readonly<Record<string, string | undefined>>;
  /** What doctor asks of a database that has all tables. */
  readonly checks?: readonly ((database: Database) => Promise<Finding>)[];
}

/** A feature with the service that other features call. */
export interface ServedFeature extends Feature {
  readonly service: object;
}

/** Deletes rows that expired. */
export interface Expiry {
  /** The table. */
  readonly name: string;
  /** Deletes up to `limit` of them, and returns how many. */
  readonly deleteSome: (db: Db, limit: number) => Promise<number>;
}
