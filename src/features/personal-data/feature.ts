import type { Handlers } from '../../http/operation.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Feature, ServedFeature } from '../feature.ts';
import type { DeletionService } from '../users/deletion.service.ts';
import type { PersonalData } from './personal-data.ts';
import { createPersonalDataService } from './personal-data.service.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly users: { readonly deletion: DeletionService };
}

const maxJobs = 1000;

/** Jobs belong to the platform, which knows nothing of users. */
const keptBy = (queue: JobQueue): PersonalData[] => [
  {
    table: 'jobs',
    async read(db, { id, email }) {
      const jobs = await queue.listNaming(db, [id, email], maxJobs);
      return {
        jobs: jobs.map(({ name, createdAt, runAt }) => {
          return { name, created_at: createdAt.toISOString(), run_at: runAt.toISOString() };
        }),
      };
    },
    erase: (db, { id, emails }) => queue.dropNaming(db, [id, ...emails]),
  },
];

/** What all features keep about users. */
export function createPersonalData(
  { database, jobs: queue }: Platform,
  { audit, users }: Needs,
  features: readonly Feature[],
) {
  const personalData = keptBy(queue);
  const kept = [...personalData, ...features.flatMap((feature) => feature.personalData ?? [])];
  const service = createPersonalDataService({ database, kept, deletion: users.deletion, audit: audit.service });
  const handlers: Pick<Handlers, 'exportCurrentUser'> = {
    async exportCurrentUser({ principal, client }) {
      const body = await service.read(principal.user);
      return async (db) => {
        await service.recordExport(db, principal.user, { actorId: principal.id, client });
        return { status: 200, headers: {}, body };
      };
    },
  };
  const eraseUsers: JobHandler = {
    name: 'erase_users',
    everySeconds: 60 * 60,
    async run(_payload, { signal }) {
      do signal.throwIfAborted();
      while (await service.eraseNext());
    },
  };
  return { service, handlers, personalData, jobs: [eraseUsers] } satisfies ServedFeature;
}
