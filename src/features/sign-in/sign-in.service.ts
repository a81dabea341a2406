import type { Client } from '../../access/client.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import { ServiceError } from '../../platform/errors.ts';
import { emailTaken } from '../../platform/violations.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import type { UsersService } from '../users/users.service.ts';
import type { AdmissionService, Login } from './admission.service.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { CountLogin } from './login-outcomes.ts';

export interface SignInServiceParts {
  readonly admission: Pick<AdmissionService, 'admit' | 'refusal'>;
  readonly users: Pick<UsersService, 'findByEmail' | 'renewPasswordHash'>;
  readonly passwords: Pick<PasswordsService, 'refuseWhenFull' | 'hash' | 'verify'>;
  readonly devices: Pick<DeviceTokens, 'read'>;
  readonly guessing: Pick<GuessingService, 'check'>;
  readonly count: CountLogin;
}

interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of an earlier login on the same device. */
  readonly deviceToken?: string | undefined;
}

const methods = ['password'] as const;

/** Signing in with a password. */
export function createSignInService({ admission, users, passwords, devices, guessing, count }: SignInServiceParts) {
  async function signIn(input: Credentials, client: Client, signal?: AbortSignal): Promise<Login> {
    // Before anything is counted or queried: in a flood, a refusal must cost next to nothing.
    passwords.refuseWhenFull();
    const credentials = { ...input, email: normalizeEmailAddress(input.email) };
    const { passwordHash, isOutdated, ...found } = await findByPassword(credentials, client, signal);
    if (isOutdated && found.user.isActive) {
      const renewed = await passwords.hash(input.password, signal);
      await users.renewPasswordHash(found.user.id, passwordHash, renewed);
    }
    return admission.admit({ ...found, methods, client, outdated: 'invalid_credentials' });
  }

  async function findByPassword(credentials: Credentials, client: Client, signal?: AbortSignal) {
    const { email, password, deviceToken } = credentials;
    const found = await users.findByEmail(email);
    const owner = found && { id: found.user.id, credentialsVersion: found.credentialsVersion };
    const device = devices.read(deviceToken, owner);
    const verify = () => passwords.verify(password, found?.passwordHash, signal);
    const match = await guessing.check({ email, userId: found?.user.id, client, device }, verify);
    if (!found || !match) throw await admission.refusal('invalid_credentials', { methods, client }, found?.user);
    return { ...found, isOutdated: match === 'outdated', device };
  }

  return {
    /**
     * Throws `invalid_credentials` for an unknown address and for a wrong password, after the same work (ASVS 6.3.8), and
     * `account_disabled` and `email_not_verified` after the right password only; `rate_limited` and `password_reset_required` after too
     * many failures with one address, known or not; `service_unavailable` if the hashing queue is full.
     */
    login: (input: Credentials, client: Client, signal?: AbortSignal): Promise<Login> =>
      count(() => signIn(input, client, signal)),

    /**
     * Decides who gets the kept reply of a registration: only whoever knows the password, since a stranger may know the address and
     * guess the key. Anybody else gets `email_taken` after one hash, the same as for any address in use. So a key reveals nothing
     * about the account, and no more about the password than signing in does: wrong ones count as failed logins, and beyond that
     * limit even the right one gets `email_taken`.
     */
    async admitRegistrant(credentials: Credentials, client: Client): Promise<void> {
      try {
        await findByPassword(credentials, client);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (isRefusal(error)) await passwords.verify(credentials.password, undefined);
        else if (error.code !== 'invalid_credentials') throw error;
        throw emailTaken();
      }
    },
  };
}

const isRefusal = ({ code }: ServiceError) => code === 'rate_limited' || code === 'password_reset_required';
