import type { Feature } from '../feature.ts';
import * as pending from './pending-registrations.repository.ts';

/** Registrations that wait for their address to be verified. */
export function createRegistration() {
  return {
    handlers: {},
    expiry: [{ name: 'pending_registrations', deleteSome: pending.deleteExpiredPending }],
    indexes: {
      pending_registrations_pkey: `select * from pending_registrations where id = '00000000-0000-0000-0000-000000000000'`,
      pending_registrations_email_idx: `select * from pending_registrations where email = '' order by created_at desc limit 1`,
      pending_registrations_expires_at_idx: undefined,
    },
  } satisfies Feature;
}
