import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { UsersService } from '../users/users.service.ts';
import { nobody } from '../users/joined-user.ts';
import * as repository from './email-codes.repository.ts';
import { createEmailCodesService } from './email-codes.service.ts';
import { personalData } from './personal-data.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly users: { readonly service: UsersService };
}

/** Sign-in codes by mail. Signing in with one is in sign-in. */
export function createEmailCodes({ config, jobs, keys, mail }: Platform, { audit, users }: Needs) {
  const service = createEmailCodesService({
    isOn: config.emailCodes,
    jobs,
    mail,
    keys: keys.ring('email codes'),
    codes: repository,
    users: users.service,
    audit: audit.service,
  });
  const handlers: Pick<Handlers, 'requestLoginCode'> = {
    async requestLoginCode({ body, client }) {
      service.refuseWhenOff();
      return async (db) => {
        await service.request(db, body.email, client);
        return { status: 202, headers: {}, body: undefined };
      };
    },
  };
  return {
    service,
    handlers,
    jobs: [service.job],
    expiry: [{ name: 'email_codes', deleteSome: repository.deleteExpiredCodes }],
    personalData,
    indexes: {
      email_codes_pkey: `select * from email_codes where mail_id = '${nobody}'`,
      email_codes_open_key: `select * from email_codes where user_id = '${nobody}' and ended_at is null`,
      email_codes_user_id_idx: `delete from email_codes where user_id = '${nobody}'`,
      email_codes_email_idx: `select * from email_codes where email = '' and created_at > now() - interval '1 hour'`,
      email_codes_expires_at_idx: undefined,
    },
  } satisfies ServedFeature;
}
