import type { RepeatRules } from '../../http/idempotency.ts';
import type { Handlers } from '../../http/operation.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { normalizeFullName } from '../../platform/formats/full-name.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { toWireTokens } from '../sessions/sessions.wire.ts';
import type { UsersService } from '../users/users.service.ts';
import { createDeviceTokens } from './device-tokens.ts';
import { createNewDeviceJob } from './new-device.job.ts';
import { createOwnPasswordService } from './own-password.service.ts';
import { createResetRequiredJob } from './reset-required.job.ts';
import { createSignInService, loginOutcomes } from './sign-in.service.ts';
import { checkWriting } from './writing.check.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly guessing: { readonly service: GuessingService };
  readonly notices: { readonly service: NoticesService };
  readonly users: { readonly service: UsersService };
  readonly sessions: { readonly service: SessionsService };
  readonly passwords: { readonly service: PasswordsService };
}

/** Signing in with a password, and what signed-in users do with it. */
export function createSignIn({ config, database, jobs, keys, metrics }: Platform, needs: Needs) {
  const { audit, guessing, notices, users, sessions, passwords } = needs;
  const record = metrics.labelledCounter({
    name: 'latchkey_logins_total',
    help: 'Logins by outcome',
    label: 'outcome',
    values: loginOutcomes,
  });
  const service = createSignInService({
    database,
    audit: audit.service,
    users: users.service,
    sessions: sessions.service,
    passwords: passwords.service,
    devices: createDeviceTokens(keys.ring('devices')),
    guessing: guessing.service,
    jobs,
    record,
    requireVerifiedEmail: config.requireVerifiedEmail,
  });

  const ownPassword = createOwnPasswordService({
    database,
    audit: audit.service,
    notices: notices.service,
    users: users.service,
    sessions: sessions.service,
    passwords: passwords.service,
    guessing: guessing.service,
  });

  const handlers: Pick<Handlers, 'login' | 'reauthenticate' | 'changePassword'> = {
    async login({ body, client, signal }) {
      const { email, password, device_token: deviceToken } = body;
      const login = await service.login({ email, password, deviceToken }, client, signal);
      return { status: 200, headers: {}, body: { ...toWireTokens(login), device_token: login.deviceToken } };
    },

    async reauthenticate({ body, principal, client, signal }) {
      const asking = { principal, client, signal };
      return { status: 200, headers: {}, body: toWireTokens(await ownPassword.reauthenticate(asking, body.password)) };
    },

    async changePassword({ body, principal, client, signal }) {
      const asking = { principal, client, signal };
      const change = await ownPassword.change(asking, body.current_password, body.new_password);
      return async (db) => {
        await change(db);
        return { status: 204, headers: {}, body: undefined };
      };
    },
  };
  const repeatRules: RepeatRules = {
    registerUser({ body: { email, password, full_name: fullName }, client }) {
      const person = { email: normalizeEmailAddress(email), fullName };
      return {
        scope: [person.email],
        // Nothing derived from the password is kept.
        body: person,
        async admit() {
          // Where every address gets the same reply, a kept one reveals nothing.
          if (config.registration === 'verified') return;
          await passwords.service.check(password, { ...person, fullName: normalizeFullName(fullName) });
          await service.admitRegistrant({ email: person.email, password }, client);
        },
      };
    },
  };
  return {
    service,
    handlers,
    repeatRules,
    endObservers: {
      login(problem) {
        if (problem === 'rate_limited') record('rate_limited');
      },
    },
    jobs: [
      createResetRequiredJob({ database, audit: audit.service, notices: notices.service }),
      createNewDeviceJob({ database, audit: audit.service, notices: notices.service }),
    ],
    checks: [(database) => checkWriting(database, users.service, sessions.service)],
  } satisfies ServedFeature;
}
