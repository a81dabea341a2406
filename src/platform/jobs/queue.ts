import { v7 as createId } from 'uuid';
import type { Knex } from 'knex';
import type { Db } from '../database/database.ts';
import type { Payload } from './job.ts';
import { insertJob } from './jobs.repository.ts';

/** Where features put jobs. */
export interface JobQueue {
  /**
   * Writes a job, in the transaction of what it follows from: neither is without the other. It runs once that is committed, not before
   * `runAt`. Returns its id.
   */
  enqueue(db: Db, job: { readonly name: string; readonly payload: Payload; readonly runAt?: Date }): Promise<string>;
  /** Calls back when a job was committed by this process; workers of others find it at their next look. */
  onEnqueued(listener: () => void): void;
}

export function createJobQueue(): JobQueue {
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    async enqueue(db, { name, payload, runAt }) {
      const id = createId();
      await insertJob(db, { id, name, payload, ...(runAt && { run_at: runAt }) });
      const committed = db.isTransaction ? (db as Knex.Transaction).executionPromise : Promise.resolve();
      void committed.then(tell, () => {});
      return id;
    },
    onEnqueued: (listener) => void listeners.push(listener),
  };
}
