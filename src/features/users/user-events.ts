import type { User } from '../../access/user.ts';
import type { AuditEvent } from '../audit/audit-event.ts';

type Change = Pick<AuditEvent, 'type' | 'details'>;

/** What an update did to a user, as events. Names are left out: an old one is nobody's business. */
export function eventsOfUpdate(before: User, after: User): readonly Change[] {
  const events: (Change | false)[] = [
    before.fullName !== after.fullName && { type: 'user.renamed' },
    before.role !== after.role && { type: 'user.role_changed', details: { from: before.role, to: after.role } },
    before.isActive !== after.isActive && { type: after.isActive ? 'user.activated' : 'user.deactivated' },
  ];
  return events.filter((event) => event !== false);
}
