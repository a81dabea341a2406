import type { RepeatRules } from '../../http/idempotency.ts';
import type { Handlers } from '../../http/operation.ts';
import { createCounter } from '../../platform/limits/counter.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { normalizeFullName } from '../../platform/formats/full-name.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import type { PasswordsService } from '../passwords/feature.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { toWireTokens } from '../sessions/sessions.wire.ts';
import type { UsersService } from '../users/users.service.ts';
import { createLoginAttempts } from './login-attempts.ts';
import { createSignInService, loginOutcomes } from './sign-in.service.ts';
import { checkWriting } from './writing.check.ts';

interface Needs {
  readonly users: { readonly service: UsersService };
  readonly sessions: { readonly service: SessionsService };
  readonly passwords: { readonly service: PasswordsService };
}

/** Signing in with a password, and the limit on attempts. */
export function createSignIn(
  { config, counting, database, keys, metrics }: Platform,
  { users, sessions, passwords }: Needs,
) {
  const { account } = config.rateLimits;
  const [key] = keys.ring('accounts');
  const counter = account && createCounter('account', account, counting);
  const attempts = createLoginAttempts(counter, key, metrics.refusals('account'));
  const record = metrics.labelledCounter({
    name: 'latchkey_logins_total',
    help: 'Logins by outcome',
    label: 'outcome',
    values: loginOutcomes,
  });
  const service = createSignInService({
    database,
    users: users.service,
    sessions: sessions.service,
    passwords: passwords.service,
    attempts,
    record,
  });

  const handlers: Pick<Handlers, 'login'> = {
    async login({ body, client, signal }) {
      return { status: 200, headers: {}, body: toWireTokens(await service.login(body, client, signal)) };
    },
  };
  const repeatRules: RepeatRules = {
    registerUser({ body: { email, password, full_name: fullName } }) {
      const person = { email: normalizeEmailAddress(email), fullName };
      return {
        scope: [person.email],
        // Nothing derived from the password is kept.
        body: person,
        async admit() {
          passwords.service.check(password, { ...person, fullName: normalizeFullName(fullName) });
          await service.admitRegistrant({ email: person.email, password });
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
    checks: [(database) => checkWriting(database, users.service, sessions.service)],
  } satisfies ServedFeature;
}
