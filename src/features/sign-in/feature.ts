import type { RepeatRules } from '../../http/idempotency.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { normalizeFullName } from '../../platform/formats/full-name.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { EmailCodesService } from '../email-codes/email-codes.service.ts';
import type { VerifyCode } from '../factors/feature.ts';
import type { FactorsService } from '../factors/factors.service.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { PasskeysService } from '../passkeys/passkeys.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import type { UsersService } from '../users/users.service.ts';
import { nobody } from '../users/joined-user.ts';
import { createAdmissionService } from './admission.service.ts';
import { createCodeSignInService } from './code-sign-in.service.ts';
import { createChallengeAnswersService } from './challenge-answers.service.ts';
import { createChallengesService } from './challenges.service.ts';
import { createDeviceTokens } from './device-tokens.ts';
import * as challengesRepository from './login-challenges.repository.ts';
import { answerOutcomes, createAnswerCounter, createLoginCounter, loginOutcomes } from './login-outcomes.ts';
import { createNewDeviceJob } from './new-device.job.ts';
import { answerChallenge } from './operations/answerChallenge.ts';
import { beginPasskeyLogin } from './operations/beginPasskeyLogin.ts';
import { changePassword } from './operations/changePassword.ts';
import { login } from './operations/login.ts';
import { loginWithCode } from './operations/loginWithCode.ts';
import { loginWithPasskey } from './operations/loginWithPasskey.ts';
import { reauthenticate } from './operations/reauthenticate.ts';
import { createOwnPasswordService } from './own-password.service.ts';
import { createPasskeySignInService } from './passkey-sign-in.service.ts';
import { personalData } from './personal-data.ts';
import { createResetRequiredJob } from './reset-required.job.ts';
import { createSignInService } from './sign-in.service.ts';
import { createLoginWire } from './sign-in.wire.ts';
import { checkWriting } from './writing.check.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly emailCodes: { readonly service: EmailCodesService };
  readonly guessing: { readonly service: GuessingService };
  readonly notices: { readonly service: NoticesService };
  readonly factors: { readonly service: FactorsService; readonly verify: VerifyCode };
  readonly users: { readonly service: UsersService; readonly credentials: CredentialsService };
  readonly sessions: { readonly service: SessionsService; readonly cookies: SessionCookies };
  readonly passkeys: { readonly service: PasskeysService };
  readonly passwords: { readonly service: PasswordsService };
}

/** Signing in with a password or a mailed code, and what signed-in users do with it. */
export function createSignIn({ config, database, jobs, keys, metrics }: Platform, needs: Needs) {
  const { audit, emailCodes, factors, guessing, notices, users, sessions, passkeys, passwords } = needs;
  const record = metrics.labelledCounter({
    name: 'latchkey_logins_total',
    help: 'Logins by outcome',
    label: 'outcome',
    values: loginOutcomes,
  });
  const recordAnswer = metrics.labelledCounter({
    name: 'latchkey_challenge_answers_total',
    help: 'Answers to challenges of the second factor by outcome',
    label: 'outcome',
    values: answerOutcomes,
  });
  const countLogin = createLoginCounter(record);
  const challenges = createChallengesService({
    database,
    challenges: challengesRepository,
    factors: factors.service,
    audit: audit.service,
  });
  const devices = createDeviceTokens(keys.ring('devices'));
  const admission = createAdmissionService({
    database,
    audit: audit.service,
    sessions: sessions.service,
    challenges,
    devices,
    jobs,
    requireVerifiedEmail: config.requireVerifiedEmail,
  });
  const service = createSignInService({
    admission,
    users: users.service,
    passwords: passwords.service,
    devices,
    guessing: guessing.service,
    count: countLogin,
  });

  const codeSignIn = createCodeSignInService({
    database,
    admission,
    users: users.service,
    credentials: users.credentials,
    emailCodes: emailCodes.service,
    audit: audit.service,
    devices,
    guessing: guessing.service,
    count: countLogin,
  });
  const answers = createChallengeAnswersService({
    database,
    challenges,
    repository: challengesRepository,
    verify: factors.verify,
    passkeys: passkeys.service,
    admission,
    guessing: guessing.service,
    audit: audit.service,
    notices: notices.service,
    count: createAnswerCounter(recordAnswer),
    countLogin,
  });

  const passkeySignIn = createPasskeySignInService({
    database,
    admission,
    challenges,
    passkeys: passkeys.service,
    audit: audit.service,
    devices,
    count: countLogin,
  });
  const ownPassword = createOwnPasswordService({
    database,
    audit: audit.service,
    notices: notices.service,
    users: users.service,
    admission,
    sessions: sessions.service,
    passwords: passwords.service,
    challenges,
    guessing: guessing.service,
  });

  const wire = createLoginWire(sessions.cookies);
  const recordLimit = (problem: string | undefined) => {
    if (problem === 'rate_limited') record('rate_limited');
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
    handlers: {
      login: login(service, wire),
      loginWithCode: loginWithCode(codeSignIn, wire),
      answerChallenge: answerChallenge(answers, wire),
      beginPasskeyLogin: beginPasskeyLogin(passkeySignIn),
      loginWithPasskey: loginWithPasskey(passkeySignIn, wire),
      reauthenticate: reauthenticate({ ownPassword, passkeySignIn }, wire),
      changePassword: changePassword(ownPassword),
    },
    repeatRules,
    endObservers: {
      login: recordLimit,
      loginWithCode: recordLimit,
      loginWithPasskey: recordLimit,
      answerChallenge(problem) {
        if (problem === 'rate_limited') recordAnswer('rate_limited');
      },
    },
    jobs: [
      createResetRequiredJob({ database, audit: audit.service, notices: notices.service }),
      createNewDeviceJob({ database, audit: audit.service, notices: notices.service }),
    ],
    expiry: [{ name: 'login_challenges', deleteSome: challengesRepository.deleteExpiredChallenges }],
    personalData,
    indexes: {
      login_challenges_pkey: `select * from login_challenges where token_hash = '\\x00'`,
      login_challenges_user_id_idx: `delete from login_challenges where user_id = '${nobody}'`,
      login_challenges_session_id_idx: `delete from login_challenges where session_id = '${nobody}'`,
      login_challenges_expires_at_idx: undefined,
    },
    checks: [(database) => checkWriting(database, users.service, sessions.service)],
  } satisfies ServedFeature;
}
