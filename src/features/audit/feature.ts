import type { Handlers } from '../../http/operation.ts';
import { createCursors } from '../../platform/lists/cursors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { findNames, nobody } from '../users/joined-user.ts';
import * as repository from './audit.repository.ts';
import { createAuditService } from './audit.service.ts';
import { checkTrail } from './trail.check.ts';
import { toWirePage, toWireTrail } from './audit.wire.ts';
import { createPersonalData } from './personal-data.ts';

/** The audit trail, which all features write to. */
export function createAudit({ config, database, keys }: Platform) {
  const service = createAuditService({
    database,
    events: repository,
    findNames,
    cursors: createCursors(keys.ring('cursors')),
  });
  const handlers: Pick<Handlers, 'listOwnEvents' | 'listAuditEvents'> = {
    async listOwnEvents({ principal, query: { limit, cursor, ...filters } }) {
      const page = await service.listOwn(principal.user.id, filters, { limit, cursor });
      return { status: 200, headers: {}, body: toWirePage(page) };
    },

    async listAuditEvents({ query: { limit, cursor, actor_id: actorId, user_id: userId, ...filters } }) {
      const page = await service.list({ actorId, userId, ...filters }, { limit, cursor });
      return { status: 200, headers: {}, body: toWireTrail(page) };
    },
  };
  return {
    service,
    handlers,
    expiry: [
      {
        name: 'audit_events',
        deleteSome: (db, limit) => repository.expireEvents(db, config.auditRetentionDays, limit),
      },
    ],
    checks: [checkTrail],
    personalData: createPersonalData(service),
    indexes: {
      audit_events_pkey: `select * from audit_events where id = '${nobody}'`,
      audit_events_created_at_idx: newest('true'),
      audit_events_user_id_idx: newest(`user_id = '${nobody}'`),
      audit_events_actor_id_idx: newest(`actor_id = '${nobody}'`),
      audit_events_type_idx: newest(`type = 'user.role_changed'`),
      audit_events_failure_idx: newest(`outcome = 'failure'`),
    },
  } satisfies ServedFeature;
}
const newest = (condition: string) =>
  `select * from audit_events where ${condition} order by created_at desc, id desc limit 21`;
