import type { PersonalData } from '../personal-data/personal-data.ts';
import type { AuditService } from './audit.service.ts';
import { toWirePage } from './audit.wire.ts';

const maxEvents = 1000;

export function createPersonalData(service: AuditService): PersonalData[] {
  return [
    {
      table: 'audit_events',
      async read(_db, { id }) {
        return { events: toWirePage(await service.listOwn(id, {}, { limit: maxEvents })) };
      },
      erase: (db, { id }) => service.eraseOf(db, id),
    },
  ];
}
