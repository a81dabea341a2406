import type { Client } from '../../access/client.ts';
import type { Database } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { EmailCodesService } from '../email-codes/email-codes.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import type { UsersService } from '../users/users.service.ts';
import type { AdmissionService, Attempt, Login } from './admission.service.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { CountLogin } from './login-outcomes.ts';

export interface CodeSignInServiceParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly admission: Pick<AdmissionService, 'admit' | 'refusal' | 'recordRefusal'>;
  readonly users: Pick<UsersService, 'findByEmail'>;
  readonly credentials: Pick<CredentialsService, 'proveAddress'>;
  readonly emailCodes: Pick<EmailCodesService, 'refuseWhenOff' | 'attempt' | 'redeem'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly devices: Pick<DeviceTokens, 'read'>;
  readonly guessing: Pick<GuessingService, 'check'>;
  readonly count: CountLogin;
}

export type CodeSignInService = ReturnType<typeof createCodeSignInService>;

interface CodeCredentials {
  readonly email: string;
  readonly code: string;
  /** Of an earlier login on the same device. */
  readonly deviceToken?: string | undefined;
}

const methods = ['email_code'] as const;

/** Signing in with a code that was mailed. */
export function createCodeSignInService(parts: CodeSignInServiceParts) {
  const { database, admission, users, credentials, emailCodes, audit, devices, guessing, count } = parts;

  async function signIn(input: CodeCredentials, client: Client): Promise<Login> {
    const attempt = { methods, client };
    const { user, codeMail, device } = await findByCode(input, attempt);
    const proven = await database.transaction(async (db) => {
      if (!(await emailCodes.redeem(db, codeMail))) return undefined;
      if (!user.isEmailVerified) {
        await audit.record(db, { type: 'email.verified', outcome: 'success', userId: user.id, client });
      }
      return credentials.proveAddress(db, user.id, codeMail.email);
    });
    if (!proven) throw await admission.refusal('invalid_code', attempt, user);
    return admission.admit({ ...proven, ...attempt, device, outdated: 'invalid_code' });
  }

  async function findByCode({ code, deviceToken, ...input }: CodeCredentials, attempt: Attempt) {
    const email = normalizeEmailAddress(input.email);
    const found = await users.findByEmail(email);
    const userId = found?.user.id;
    const device = devices.read(deviceToken, found && { ...found, id: found.user.id });
    // One commit, whether or not there is a code to count the attempt at.
    const verify = () =>
      database.transaction(async (db) => {
        const codeMail = await emailCodes.attempt(db, { userId, email, code });
        if (!codeMail) await admission.recordRefusal(db, 'invalid_code', attempt, found?.user);
        return codeMail;
      });
    const codeMail = await guessing.check({ email, userId, client: attempt.client, device }, verify);
    if (!found || !codeMail) throw new ServiceError('invalid_code');
    return { user: found.user, codeMail, device };
  }

  return {
    /**
     * Throws `email_codes_off`; `invalid_code` for an unknown address, a wrong code and one that no longer works, after the same work;
     * `account_disabled` after the right code only; `rate_limited` and `password_reset_required` as a login with a password does.
     */
    async login(input: CodeCredentials, client: Client): Promise<Login> {
      emailCodes.refuseWhenOff();
      return count(() => signIn(input, client));
    },
  };
}
