import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { JobOverview, JobQuery, JobQueue } from '../../platform/jobs/queue.ts';
import type { Cursors, Place } from '../../platform/lists/cursors.ts';
import { readPart, type Part, type PartRequest } from '../../platform/lists/parts.ts';
import type { Actor, AuditEventType } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';

export interface JobsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly jobs: Pick<JobQueue, 'listNewestJobs' | 'findJob' | 'retryJob' | 'dropJob'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly cursors: Cursors;
}

/** What administrators see of jobs, and do with those that failed. */
export function createJobsService({ database, jobs, audit, cursors }: JobsServiceParts) {
  const record = (db: Db, type: AuditEventType, { id, name }: JobOverview, actor: Actor) =>
    audit.record(db, { ...actor, type, outcome: 'success', details: { job: id, name } });

  const isKnown = async (db: Db, id: string) => (await jobs.findJob(db, id)) !== undefined;

  return {
    /** The newest first. Throws `validation_failed` for an invalid cursor. */
    list({ state, name }: JobQuery, request: PartRequest): Promise<Part<JobOverview>> {
      const list = {
        name: JSON.stringify(['jobs', { state, name }]),
        read: (limit: number, after?: Place) => jobs.listNewestJobs(database.pool, { state, name }, limit, after?.id),
        placeOf: ({ createdAt, id }: JobOverview) => ({ value: createdAt.toISOString(), id }),
      };
      return readPart(cursors, list, request);
    },

    /** Makes a job due now. Throws `not_found`, `job_running`, and `job_replaced` if a newer job does the work of a dead one. */
    async retry(db: Db, id: string, actor: Actor): Promise<JobOverview> {
      const job = await jobs.retryJob(db, id);
      if (job === 'replaced') throw new ServiceError('job_replaced');
      if (!job) throw (await isKnown(db, id)) ? new ServiceError('job_running') : noJob();
      await record(db, 'job.retried', job, actor);
      return job;
    },

    /** Deletes a dead job. Throws `not_found`, and `job_not_dead` for any other. */
    async drop(db: Db, id: string, actor: Actor): Promise<void> {
      const job = await jobs.dropJob(db, id, 'dead');
      if (!job) throw (await isKnown(db, id)) ? new ServiceError('job_not_dead') : noJob();
      await record(db, 'job.dropped', job, actor);
    },
  };
}

const noJob = () => new ServiceError('not_found', { detail: 'There is no job with this id.' });
