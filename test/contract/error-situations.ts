/** How to provoke each error that the contract has an example of. */
import { randomUUID } from 'node:crypto';
import type { Context } from '../../src/process/context.ts';
import { maximumBodyBytes } from '../../src/http/body.ts';
import { sessionOf, staleToken } from '../support/access-tokens.ts';
import { startApp, useApp, useSecondApp, type SignedIn } from '../support/app.ts';
import { answer as answerOf } from '../support/authenticator.ts';
import type { Answer } from '../support/client.ts';
import { answerBy, challengeOf, enrolled } from '../support/challenges.ts';
import { makeOnlyAdmin } from '../support/consequences.ts';
import { mailedCode } from '../support/email-codes.ts';
import { addTotp, confirmTotp, enrolTotp } from '../support/factors.ts';
import { exhaustGuesses, guessFromEverywhere } from '../support/guesses.ts';
import { mailedSecret } from '../support/one-time-secrets.ts';
import { loginWith, register as registerPasskey, requestOptions } from '../support/passkeys.ts';
import { newPerson, registration } from '../support/people.ts';
import { nobodysId } from '../support/ids.ts';
import { browserSessionSituations } from './error-situations.browser-sessions.ts';
import { jobSituations } from './error-situations.jobs.ts';
import { pictureSituations } from './error-situations.pictures.ts';
import { operations, sampleRequest, send } from './requests.ts';

const json = { 'Content-Type': 'application/json' };

/** Situations by `<response>: <example>`. Starts the servers that they need for the calling suite. */
export function errorSituations(env: Record<string, string>): Record<string, () => Promise<Answer>> {
  const app = useApp({ env });
  const limited = useSecondApp(app, { env: { ...env, RATE_LIMIT_STANDARD: '1/30' } });
  const strict = useSecondApp(app, { env: { ...env, REQUIRE_VERIFIED_EMAIL: 'on' } });
  const closed = useSecondApp(app, { env: { ...env, REGISTRATION: 'closed', EMAIL_CODES: 'off' } });
  const strictest = useSecondApp(app, { env: { ...env, REQUIRE_SECOND_FACTOR: 'user' } });
  const address = 'https://192.0.2.7';
  const ofAnAddress = useSecondApp(app, { env: { ...env, PUBLIC_URL: address } });
  const broken = useSecondApp(app, { env, alter: withFaults });
  let withoutDatabase: Awaited<ReturnType<typeof startApp>>;
  before('start a server whose database is down', async () => {
    withoutDatabase = await startApp('postgres://nobody@127.0.0.1:1/nowhere', { env });
  });
  after('stop it', () => withoutDatabase.stop());

  const withOwnUrl = ({ body, ...reply }: Answer): Answer => {
    const type = String(body.type).replace(address, env['PUBLIC_URL']!);
    return { ...reply, body: { ...(body as object), type } };
  };
  const signIn = async (role: 'user' | 'admin') => app.signIn(role);
  const register = (changes: object, headers: Record<string, string> = {}) =>
    app.send('post', '/auth/register', { json: { ...registration(), ...changes }, headers });

  // As long as an operation asks for it, its response is in the contract.
  const sensitive = operations.find(({ maxAge }) => maxAge !== null);
  const stale: Record<string, () => Promise<Answer>> = !sensitive
    ? {}
    : {
        'UnauthorizedOrStale: authentication_required': async () => send(app, await sampleRequest(sensitive.id, app)),
        async 'UnauthorizedOrStale: invalid_token'() {
          return send(app, { ...(await sampleRequest(sensitive.id, app)), token: 'another' });
        },
        async 'UnauthorizedOrStale: insufficient_user_authentication'() {
          const person = await app.signIn(sensitive.leastRole!);
          const token = staleToken(app, person, sensitive.maxAge! + 1);
          return send(app, { ...(await sampleRequest(sensitive.id, app, person)), token });
        },
      };

  const reset = (token: string, new_password: string) =>
    app.send('post', '/auth/password/reset', { json: { token, new_password } });
  const loginWithCode = (email: string, code: string, server = app) =>
    server.send('post', '/auth/email-codes/login', { json: { email, code } });
  const changeEmail = ({ accessToken: token }: SignedIn, email: string) =>
    app.send('post', '/auth/email', { token, json: { email } });

  return {
    ...stale,
    ...browserSessionSituations(app),
    ...pictureSituations(app),
    ...jobSituations(app),
    async 'BadRequest: unknown_parameter'() {
      return app.send('get', '/auth/me', { token: (await signIn('user')).accessToken, query: { colour: 'red' } });
    },
    'ProbeBadRequest: unknown_parameter': () => app.send('get', '/health', { query: { colour: 'red' } }),
    async 'BadRequestBody: validation_failed'() {
      const { email, password } = newPerson();
      return app.send('post', '/auth/login', { json: { email, password, colour: 'red' } });
    },
    'BadRequestBody: malformed_request': () => app.send('post', '/auth/login', { raw: '{"email": ', headers: json }),
    'BadRequestPassword: password_common': () => register({ password: 'password123' }),
    'BadRequestPassword: malformed_request': () => app.send('post', '/auth/register', { raw: '{', headers: json }),
    async 'Unauthorized: authentication_required'() {
      return app.send('get', '/auth/me');
    },
    async 'Unauthorized: invalid_token'() {
      const { accessToken: token } = await signIn('user');
      await app.send('post', '/auth/logout', { token });
      return app.send('get', '/auth/me', { token });
    },
    async 'InvalidCredentials: invalid_credentials'() {
      return app.login({ ...(await signIn('user')), password: 'another password' });
    },
    async 'InvalidRefreshToken: invalid_refresh_token'() {
      const { accessToken: token, refreshToken } = await signIn('user');
      await app.send('post', '/auth/logout', { token });
      return app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
    },
    async 'InvalidRefreshToken: refresh_token_reused'() {
      const refresh = (token: string) => app.send('post', '/auth/refresh', { json: { refresh_token: token } });
      const { refreshToken } = await signIn('user');
      await refresh((await refresh(refreshToken)).body.refresh_token);
      return refresh(refreshToken);
    },
    async 'BadRequestReauthentication: password_wrong'() {
      const { accessToken: token } = await signIn('user');
      return app.send('post', '/auth/reauthenticate', { token, json: { password: 'another password' } });
    },
    async 'BadRequestReauthentication: passkey_unknown'() {
      const [ada, grace] = [await signIn('user'), await signIn('user')];
      const { credential } = await registerPasskey(app, grace);
      const json = { passkey: answerOf(await requestOptions(app), credential) };
      return app.send('post', '/auth/reauthenticate', { token: ada.accessToken, json });
    },
    async 'BadRequestPasswordChange: password_wrong'() {
      const { accessToken: token } = await signIn('user');
      const json = { current_password: 'another password', new_password: 'violet lantern harbour' };
      return app.send('post', '/auth/password', { token, json });
    },
    async 'BadRequestPasswordChange: password_unchanged'() {
      const { accessToken: token, password } = await signIn('user');
      return app.send('post', '/auth/password', {
        token,
        json: { current_password: password, new_password: password },
      });
    },
    async 'ReauthenticationRefused: password_reset_required'() {
      const { accessToken: token, email } = await signIn('user');
      await exhaustGuesses(app, { email, sessionId: sessionOf(token) });
      return app.send('post', '/auth/reauthenticate', { token, json: { password: 'another password' } });
    },
    async 'PasswordChangeForbidden: password_reset_required'() {
      const { accessToken: token, email } = await signIn('user');
      await exhaustGuesses(app, { email, sessionId: sessionOf(token) });
      const json = { current_password: 'another password', new_password: 'violet lantern harbour' };
      return app.send('post', '/auth/password', { token, json });
    },
    async 'LoginRefused: second_factor_required'() {
      return app.login(await enrolled(app));
    },
    async 'ReauthenticationRefused: second_factor_required'() {
      const { accessToken: token, password } = await enrolled(app);
      return app.send('post', '/auth/reauthenticate', { token, json: { password } });
    },
    'InvalidChallenge: invalid_challenge': () =>
      app.send('post', '/auth/passkeys/login/begin', { json: { challenge_token: 'lkc_made-up' } }),
    'InvalidAnswer: invalid_challenge': () => answerBy(app, 'lkc_made-up', 'totp', '492039'),
    async 'InvalidAnswer: invalid_second_factor'() {
      return answerBy(app, await challengeOf(app, await enrolled(app)), 'recovery_code', '0000');
    },
    async 'LoginRefused: account_disabled'() {
      const [admin, person] = [await signIn('admin'), await signIn('user')];
      await app.send('patch', `/users/${person.id}`, { token: admin.accessToken, json: { is_active: false } });
      return app.login(person);
    },
    async 'LoginRefused: email_not_verified'() {
      return strict.login(await signIn('user'));
    },
    'BadRequestReset: invalid_one_time_secret': () => reset('lks_made-up', 'seven green kites over water'),
    async 'BadRequestReset: password_common'() {
      return reset(await mailedSecret(app, 'password_reset', await signIn('user')), 'password123');
    },
    'BadRequestReset: malformed_request': () => app.send('post', '/auth/password/reset', { raw: '{', headers: json }),
    'BadRequestProof: invalid_one_time_secret': () =>
      app.send('post', '/auth/email/verify', { json: { token: 'lks_made-up' } }),
    'BadRequestProof: malformed_request': () => app.send('post', '/auth/email/verify', { raw: '{', headers: json }),
    async 'BadRequestAddress: mixed_scripts'() {
      return changeEmail(await signIn('user'), 'ad\u0430@example.com');
    },
    async 'BadRequestAddress: unchanged'() {
      const person = await signIn('user');
      return changeEmail(person, person.email);
    },
    async 'BadRequestAddress: malformed_request'() {
      const { accessToken: token } = await signIn('user');
      return app.send('post', '/auth/email', { token, raw: '{', headers: json });
    },
    async 'AddressConflict: email_taken'() {
      const [{ id }, { email }] = [await signIn('user'), await signIn('user')];
      await app.context.database.pool('users').where({ id }).update({ pending_email: email });
      const token = await mailedSecret(app, 'email_change', { id, email });
      return app.send('post', '/auth/email/verify', { json: { token } });
    },
    async 'InvalidCode: invalid_code'() {
      return loginWithCode((await signIn('user')).email, '123456');
    },
    'EmailCodesOff: email_codes_off': () =>
      closed.send('post', '/auth/email-codes', { json: { email: newPerson().email } }),
    async 'CodeLoginRefused: second_factor_required'() {
      const { email } = await enrolled(app);
      return loginWithCode(email, await mailedCode(app, { email }));
    },
    async 'CodeLoginRefused: account_disabled'() {
      const person = await signIn('user');
      const code = await mailedCode(app, person);
      await app.users.update(person.id, { isActive: false });
      return loginWithCode(person.email, code);
    },
    async 'CodeLoginRefused: password_reset_required'() {
      const { email } = newPerson();
      await guessFromEverywhere(app, email, 100);
      return loginWithCode(email, '123456');
    },
    'CodeLoginRefused: email_codes_off': () => loginWithCode(newPerson().email, '123456', closed),
    'RegistrationClosed: registration_closed': () => closed.send('post', '/auth/register', { json: registration() }),
    async 'LoginRefused: password_reset_required'() {
      const person = newPerson();
      await guessFromEverywhere(app, person.email, 100);
      return app.login(person);
    },
    async 'Forbidden: forbidden'() {
      return app.send('get', '/users', { token: (await signIn('user')).accessToken });
    },
    async 'Forbidden: second_factor_enrolment_required'() {
      return strictest.send('get', '/users', { token: (await signIn('admin')).accessToken });
    },
    async 'ResetForbidden: second_factor_enrolment_required'() {
      const { id, accessToken: token } = await signIn('admin');
      return strictest.send('post', `/users/${id}/password-reset`, { token });
    },
    async 'PasswordChangeForbidden: second_factor_enrolment_required'() {
      const { accessToken: token, password } = await signIn('user');
      const json = { current_password: password, new_password: 'violet lantern harbour' };
      return strictest.send('post', '/auth/password', { token, json });
    },
    async 'SecondFactorMissing: second_factor_enrolment_required'() {
      return strictest.send('delete', '/auth/me', { token: (await signIn('user')).accessToken });
    },
    async 'ResetForbidden: forbidden'() {
      const { id, accessToken: token } = await signIn('user');
      return app.send('post', `/users/${id}/password-reset`, { token });
    },
    async 'ResetForbidden: account_disabled'() {
      const [admin, person] = [await signIn('admin'), await signIn('user')];
      await app.users.update(person.id, { isActive: false });
      return app.send('post', `/users/${person.id}/password-reset`, { token: admin.accessToken });
    },
    async 'NotFound: not_found'() {
      return app.send('get', `/users/${nobodysId}`, { token: (await signIn('admin')).accessToken });
    },
    async 'SessionNotFound: not_found'() {
      return app.send('delete', `/auth/sessions/${nobodysId}`, { token: (await signIn('user')).accessToken });
    },
    async 'FactorNotFound: not_found'() {
      return app.send('delete', `/auth/factors/${nobodysId}`, { token: (await signIn('user')).accessToken });
    },
    async 'BadRequestCode: code_wrong'() {
      const person = await signIn('user');
      const phone = await enrolTotp(app, person);
      return confirmTotp(app, person, phone, phone.code(-9));
    },
    async 'TooManyFactors: too_many_factors'() {
      const person = await signIn('user');
      for (let count = 0; count < 5; count += 1) await addTotp(app, person);
      return app.send('post', '/auth/factors/totp', { token: person.accessToken, json: { name: 'Phone' } });
    },
    async 'NoSecondFactor: no_second_factor'() {
      return app.send('post', '/auth/recovery-codes', { token: (await signIn('user')).accessToken });
    },
    async 'BadRequestPasskey: passkey_challenge'() {
      return (await registerPasskey(app, await signIn('user'), { challenge: 'A'.repeat(43) })).reply;
    },
    async 'BadRequestPasskey: passkey_origin'() {
      return (await registerPasskey(app, await signIn('user'), { origin: 'https://elsewhere.example' })).reply;
    },
    async 'PasskeysUnavailable: passkeys_unavailable'() {
      return withOwnUrl(await ofAnAddress.send('post', '/auth/passkeys/login/begin', { json: {} }));
    },
    async 'ReauthenticationRefused: passkeys_unavailable'() {
      const ada = await signIn('user');
      const { credential } = await registerPasskey(app, ada);
      const json = { passkey: answerOf(await requestOptions(app), credential) };
      return withOwnUrl(await ofAnAddress.send('post', '/auth/reauthenticate', { token: ada.accessToken, json }));
    },
    async 'InvalidPasskey: invalid_passkey'() {
      const { credential } = await registerPasskey(app, await signIn('user'));
      return loginWith(app, credential, { isForged: true });
    },
    async 'PasskeyNotFound: not_found'() {
      return app.send('delete', `/auth/passkeys/${nobodysId}`, { token: (await signIn('user')).accessToken });
    },
    async 'DeletedNotFound: not_found'() {
      const { id, accessToken: token } = await signIn('admin');
      return app.send('post', `/users/${id}/restore`, { token });
    },
    async 'RestoreConflict: email_taken'() {
      const [{ accessToken: token }, { id, email }] = [await signIn('admin'), await signIn('user')];
      await app.users.remove(id);
      await register({ email });
      return app.send('post', `/users/${id}/restore`, { token });
    },
    async 'CreateConflict: email_taken'() {
      return register({ email: (await signIn('user')).email });
    },
    async 'CreateConflict: idempotency_key_reused'() {
      const [key, person] = [{ 'Idempotency-Key': randomUUID() }, registration()];
      await register(person, key);
      return register({ ...person, full_name: 'Somebody Else' }, key);
    },
    async 'LastAdmin: last_admin'() {
      const admin = await signIn('admin');
      await makeOnlyAdmin(app, admin.id);
      return app.send('delete', `/users/${admin.id}`, { token: admin.accessToken });
    },
    async 'PreconditionFailed: precondition_failed'() {
      const { accessToken: token } = await signIn('user');
      const json = { full_name: 'Ada King' };
      return app.send('patch', '/auth/me', { token, json, headers: { 'If-Match': '"another"' } });
    },
    'ContentTooLarge: content_too_large': () => register({ full_name: 'x'.repeat(maximumBodyBytes) }),
    'UnsupportedMediaType: unsupported_media_type': () =>
      app.send('post', '/auth/login', {
        raw: 'email=ada',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    async 'TooManyRequests: rate_limited'() {
      await limited.send('get', '/auth/me');
      return limited.send('get', '/auth/me');
    },
    'InternalServerError: internal_error': () => broken.login(newPerson()),
    'ProbeInternalServerError: internal_error': () => broken.send('get', '/health'),
    'ServiceUnavailable: service_unavailable': () => withoutDatabase.login(newPerson()),
    'NotReady: not_ready': () => withoutDatabase.send('get', '/health/ready'),
  };
}

function withFaults(context: Context): Context {
  const fail = () => Promise.reject(new Error('a fault'));
  return { ...context, handlers: { ...context.handlers, getHealth: fail, login: fail } };
}
