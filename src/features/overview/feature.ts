import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Feature } from '../feature.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { UserListsService } from '../users/users.lists.service.ts';
import { createOverviewService } from './overview.service.ts';
import { toWireOverview } from './overview.wire.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly sessions: { readonly service: SessionsService };
  readonly users: { readonly lists: UserListsService };
}

/** Figures for the front page of a console. */
export function createOverview(
  { database, jobs }: Platform,
  { audit, sessions, users }: Needs,
  features: readonly Feature[],
) {
  const handlersOfMails = features.flatMap((feature) => feature.jobs ?? []).filter(({ lane }) => lane === 'mail');
  const service = createOverviewService({
    database,
    users: users.lists,
    sessions: sessions.service,
    audit: audit.service,
    jobs,
    mailJobs: new Set(handlersOfMails.map(({ name }) => name)),
  });
  const handlers: Pick<Handlers, 'getOverview'> = {
    getOverview: async () => ({ status: 200, headers: {}, body: toWireOverview(await service.read()) }),
  };
  return { handlers } satisfies Feature;
}
