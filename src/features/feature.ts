import type { Schemes } from '../access/scheme.ts';
import type { RepeatRules } from '../http/idempotency.ts';
import type { Handlers } from '../http/operation.ts';
import type { EndObservers } from '../http/request-context.ts';
import type { Database } from '../platform/database/database.ts';
import type { Finding } from '../platform/findings.ts';
import type { Expiry } from '../platform/jobs/expiry.ts';
import type { JobHandler } from '../platform/jobs/job.ts';
import type { PersonalData } from './personal-data/personal-data.ts';

/** What a feature contributes. Everything but its handlers is optional. */
export interface Feature {
  /** The handlers of its operations; together, features handle each operation of the contract once. */
  readonly handlers: Partial<Handlers>;
  /** How senders of its public operations are distinguished when they repeat a request. */
  readonly repeatRules?: RepeatRules;
  /** The security schemes of the contract that it implements. */
  readonly schemes?: Partial<Schemes>;
  readonly endObservers?: EndObservers;
  /** The handlers of the jobs that it enqueues with `platform.jobs`. */
  readonly jobs?: readonly JobHandler[];
  /** What it keeps about users, by table. */
  readonly personalData?: readonly PersonalData[];
  /** Expired rows, which an hourly job deletes. */
  readonly expiry?: readonly Expiry[];
  /** The indexes of its tables, each with a query that needs it; `undefined` if PostgreSQL may rightly ignore the index. */
  readonly indexes?: Readonly<Record<string, string | undefined>>;
  /** Checks that doctor runs on a database that has all tables. */
  readonly checks?: readonly ((database: Database) => Promise<Finding>)[];
}

/** A feature with the service that other features call. */
export interface ServedFeature extends Feature {
  readonly service: object;
}
