import type { Handlers } from '../../http/operation.ts';
import { createCursors } from '../../platform/lists/cursors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Feature } from '../feature.ts';
import { createJobsService } from './jobs.service.ts';
import { toWireJob } from './jobs.wire.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
}

/** Jobs of the server, as administrators see to them; the command `jobs` does so for operators. */
export function createJobs({ database, jobs, keys }: Platform, { audit }: Needs) {
  const cursors = createCursors(keys.ring('cursors'));
  const service = createJobsService({ database, jobs, audit: audit.service, cursors });
  const handlers: Pick<Handlers, 'listJobs' | 'retryJob' | 'dropJob'> = {
    async listJobs({ query: { limit, cursor, ...filters } }) {
      const page = await service.list(filters, { limit, cursor });
      return { status: 200, headers: {}, body: { items: page.rows.map(toWireJob), next_cursor: page.nextCursor } };
    },

    retryJob:
      async ({ params, principal, client }) =>
      async (db) => {
        const job = await service.retry(db, params.job_id, { actorId: principal.id, client });
        return { status: 200, headers: {}, body: toWireJob(job) };
      },

    dropJob:
      async ({ params, principal, client }) =>
      async (db) => {
        await service.drop(db, params.job_id, { actorId: principal.id, client });
        return { status: 204, headers: {}, body: undefined };
      },
  };
  return { handlers } satisfies Feature;
}
