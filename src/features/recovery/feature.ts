import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { OneTimeSecretsService } from '../one-time-secrets/one-time-secrets.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import type { UsersService } from '../users/users.service.ts';
import { createRecoveryService } from './recovery.service.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly guessing: { readonly service: GuessingService };
  readonly notices: { readonly service: NoticesService };
  readonly oneTimeSecrets: { readonly service: OneTimeSecretsService };
  readonly passwords: { readonly service: PasswordsService };
  readonly users: { readonly service: UsersService; readonly credentials: CredentialsService };
}

/** Forgotten passwords. */
export function createRecovery({ jobs, mail }: Platform, needs: Needs) {
  const { audit, guessing, notices, oneTimeSecrets, passwords, users } = needs;
  const service = createRecoveryService({
    jobs,
    mail,
    secrets: oneTimeSecrets.service,
    users: users.service,
    credentials: users.credentials,
    passwords: passwords.service,
    guessing: guessing.service,
    audit: audit.service,
    notices: notices.service,
  });
  const handlers: Pick<Handlers, 'requestPasswordReset' | 'resetPassword' | 'sendPasswordReset'> = {
    async requestPasswordReset({ body, client }) {
      return async (db) => {
        await service.requestReset(db, body.email, client);
        return { status: 202, headers: {}, body: undefined };
      };
    },

    async resetPassword({ body, client }) {
      const reset = await service.prepareReset(body.token, body.new_password, client);
      return async (db) => {
        await reset(db);
        return { status: 204, headers: {}, body: undefined };
      };
    },

    async sendPasswordReset({ principal, params, client }) {
      return async (db) => {
        await service.sendResetTo(db, params.user_id, principal.user, client);
        return { status: 202, headers: {}, body: undefined };
      };
    },
  };
  return { service, handlers, jobs: [service.job] } satisfies ServedFeature;
}
