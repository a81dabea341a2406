import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import * as pending from './pending-registrations.repository.ts';
import * as holders from './registration.repository.ts';
import { createInvitationsService, type InvitationsService } from './invitations.service.ts';
import { createRegistrationService } from './registration.service.ts';
import { personalData } from './personal-data.ts';

interface Needs {
  readonly oneTimeSecrets: { readonly service: OneTimeSecretsService };
}

/** Registrations that wait for their address to be verified, and the mails that verify it. */
export function createRegistration({ jobs, mail }: Platform, { oneTimeSecrets }: Needs) {
  const service = createRegistrationService({ jobs, mail, secrets: oneTimeSecrets.service, pending, holders });
  const invitations = createInvitationsService({ jobs, mail, secrets: oneTimeSecrets.service, holders });
  return {
    service,
    invitations,
    handlers: {},
    jobs: [...service.jobs, invitations.job],
    expiry: [{ name: 'pending_registrations', deleteSome: pending.deleteExpiredPending }],
    personalData,
    indexes: {
      pending_registrations_pkey: `select * from pending_registrations where id = '00000000-0000-0000-0000-000000000000'`,
      pending_registrations_email_idx: `select * from pending_registrations where email = '' order by created_at desc limit 1`,
      pending_registrations_expires_at_idx: undefined,
    },
  } satisfies ServedFeature & { invitations: InvitationsService };
}
