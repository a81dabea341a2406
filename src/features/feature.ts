import type { Schemes } from '../access/scheme.ts';
import type { RepeatRules } from '../http/idempotency.ts';
import type { Handlers } from '../http/operation.ts';
import type { EndObservers } from '../http/request-context.ts';
import type { Database } from '../platform/database/database.ts';
import type { Finding } from '../platform/findings.ts';
import type { Expiry } from '../platform/jobs/expiry.ts';
import type { JobHandler } from '../platform/jobs/job.ts';

/** What a feature contributes. Everything but its handlers is optional. */
export interface Feature {
  /** Of its operations; together, features handle each operation of the contract once. */
  readonly handlers: Partial<Handlers>;
  /** How repeats of its public operations are told apart. */
  readonly repeatRules?: RepeatRules;
  /** The security schemes of the contract that it authenticates by. */
  readonly schemes?: Partial<Schemes>;
  readonly endObservers?: EndObservers;
  /** What it has done later: it enqueues by `platform.jobs`, and these run what it enqueued. */
  readonly jobs?: readonly JobHandler[];
  /** Expired rows, which an hourly job deletes. */
  readonly expiry?: readonly Expiry[];
  /** The indexes of its tables, each with a query that needs it; without one where PostgreSQL may rightly do without. */
  readonly indexes?: Readonly<Record<string, string | undefined>>;
  /** Checks that doctor runs on a database that has all tables. */
  readonly checks?: readonly ((database: Database) => Promise<Finding>)[];
}

/** A feature with the service that other features call. */
export interface ServedFeature extends Feature {
  readonly service: object;
}
