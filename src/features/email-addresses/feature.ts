import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type { RecoveryService } from '../recovery/recovery.service.ts';
import type { RegistrationService } from '../registration/registration.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import { createChangeMails } from './change-mails.ts';
import { createEmailAddressesService } from './email-addresses.service.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly notices: { readonly service: NoticesService };
  readonly oneTimeSecrets: { readonly service: OneTimeSecretsService };
  readonly recovery: { readonly service: RecoveryService };
  readonly registration: { readonly service: RegistrationService };
  readonly sessions: { readonly service: SessionsService };
  readonly users: { readonly credentials: CredentialsService };
}

type Own = 'verifyEmail' | 'resendVerification' | 'changeEmail' | 'cancelEmailChange' | 'undoEmailChange';

/** E-mail addresses: verifying that their owners read what arrives there, and changing them. */
export function createEmailAddresses({ jobs, mail }: Platform, needs: Needs) {
  const { credentials } = needs.users;
  const secrets = needs.oneTimeSecrets.service;
  const registration = needs.registration.service;
  const service = createEmailAddressesService({
    jobs,
    secrets,
    registration,
    credentials,
    recovery: needs.recovery.service,
    audit: needs.audit.service,
    notices: needs.notices.service,
    sessions: needs.sessions.service,
  });
  const accepted = { status: 202, headers: {}, body: undefined } as const;
  const done = { status: 204, headers: {}, body: undefined } as const;

  const handlers: Pick<Handlers, Own> = {
    async verifyEmail({ body, client }) {
      return async (db) => {
        await service.verify(db, body.token, client);
        return done;
      };
    },

    async resendVerification({ body }) {
      return async (db) => {
        await registration.requestVerification(db, body.email);
        return accepted;
      };
    },

    async changeEmail({ principal, body, client }) {
      return async (db) => {
        await service.change(db, principal, body.email, client);
        return accepted;
      };
    },

    async cancelEmailChange({ principal, client }) {
      return async (db) => {
        await service.cancelChange(db, principal.user, client);
        return done;
      };
    },

    async undoEmailChange({ body, client }) {
      return async (db) => {
        await service.undoChange(db, body.token, client);
        return done;
      };
    },
  };
  return { service, handlers, jobs: createChangeMails({ mail, secrets, credentials }) } satisfies ServedFeature;
}
