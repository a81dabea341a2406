import type { components } from '../../../generated/openapi.ts';
import type { JobOverview } from '../../platform/jobs/queue.ts';

/** The one place where a job becomes what clients see. */
export function toWireJob(job: JobOverview): components['schemas']['Job'] {
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    attempts: job.attempts,
    is_recurring: job.isRecurring,
    created_at: job.createdAt.toISOString(),
    run_at: job.state === 'waiting' ? job.runAt.toISOString() : null,
    dead_at: job.deadAt?.toISOString() ?? null,
    last_error: job.lastError,
  };
}
