import type { components } from '../../../generated/openapi.ts';
import type { Client } from '../../access/client.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { TypedCode, VerifyCode } from '../factors/feature.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { PasskeysService } from '../passkeys/passkeys.service.ts';
import { RefusedPasskey } from '../passkeys/refused-passkey.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { AdmissionService, Login } from './admission.service.ts';
import { hashOfChallenge, maxAnswers, type ChallengesService } from './challenges.service.ts';
import type * as challengesRepository from './login-challenges.repository.ts';
import type { Challenged } from './login-challenges.repository.ts';
import type { CountAnswer, CountLogin } from './login-outcomes.ts';

export interface ChallengeAnswersServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly challenges: Pick<ChallengesService, 'find'>;
  readonly repository: Pick<typeof challengesRepository, 'lockUser' | 'countAnswer' | 'useChallenge'>;
  readonly verify: VerifyCode;
  readonly passkeys: Pick<PasskeysService, 'prove'>;
  readonly admission: Pick<AdmissionService, 'begin' | 'continueSession'>;
  readonly guessing: Pick<GuessingService, 'checkTotp'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly count: CountAnswer;
  readonly countLogin: CountLogin;
}

/** What is to prove the second factor. */
export type SecondProof =
  TypedCode | { readonly factor: 'passkey'; readonly credential: components['schemas']['AuthenticationCredential'] };

/** The answer to the challenge with this token. */
interface Answer {
  readonly token: string;
  readonly proof: SecondProof;
}

type PasskeyAnswer = components['schemas']['AuthenticationCredential'];

/** Wrong codes in a row, whatever the challenge, after which the owner is told: somebody has the first factor. Told again at each double. */
const tellingFailures = 5;

/** Answers to challenges: they begin the session, or continue the one, for which the second factor was asked. */
export function createChallengeAnswersService(parts: ChallengeAnswersServiceParts) {
  const { database, challenges, repository, verify, passkeys, admission, guessing, audit, notices } = parts;
  const { count, countLogin } = parts;

  async function respond(challenged: Challenged, { token, proof }: Answer, client: Client): Promise<Login | TokenPair> {
    const hash = hashOfChallenge(token);
    const check = async () => {
      if (!(await repository.countAnswer(database.pool, hash, maxAnswers))) throw new ServiceError('invalid_challenge');
      if (proof.factor === 'passkey' && !(await isProved(challenged, proof.credential, client))) return undefined;
      return database.transaction((db) => accept(db, hash, challenged, proof, client));
    };
    // The others are too long to be guessed, so the owner may use them while somebody guesses at the app.
    const { match: tokens, failures } =
      proof.factor === 'totp'
        ? await guessing.checkTotp(challenged.userId, check)
        : { match: await check(), failures: 0 };
    if (tokens) return tokens;
    await recordFailure(challenged, proof, client, failures);
    throw new ServiceError('invalid_second_factor');
  }

  /** Whether one of the user's passkeys answered. If the passkey is removed meanwhile, the challenge is no longer valid. */
  async function isProved({ userId }: Challenged, credential: PasskeyAnswer, client: Client): Promise<boolean> {
    try {
      await passkeys.prove(credential, client, userId);
      return true;
    } catch (error) {
      const isUnavailable = error instanceof ServiceError && error.code === 'passkeys_unavailable';
      if (error instanceof RefusedPasskey || isUnavailable) return false;
      throw error;
    }
  }

  /** Uses code and challenge up together, or neither. Locks the user first, as changes of factors do, so that none comes between. */
  async function accept(db: Db, hash: Buffer, challenged: Challenged, proof: SecondProof, client: Client) {
    const user = await repository.lockUser(db, challenged.userId);
    if (!user?.isActive) throw new ServiceError('invalid_challenge');
    if (proof.factor !== 'passkey' && !(await verify(db, { user, client }, proof))) return undefined;
    if (!(await repository.useChallenge(db, hash))) throw new ServiceError('invalid_challenge');
    const { credentialsVersion, device, sessionId } = challenged;
    const proven = { user, credentialsVersion, methods: [...challenged.methods, proof.factor], client, device };
    return sessionId === undefined ? admission.begin(db, proven) : admission.continueSession(db, sessionId, proven);
  }

  async function recordFailure(
    { userId, sessionId }: Challenged,
    { factor }: SecondProof,
    client: Client,
    failures: number,
  ) {
    await database.transaction(async (db) => {
      const event = { type: 'session.challenge_failed', outcome: 'failure', userId, sessionId, client } as const;
      await audit.record(db, { ...event, details: { factor } });
      if (!isTelling(failures)) return;
      const user = await repository.lockUser(db, userId);
      if (!user?.isActive) return;
      const values = { at: new Date().toISOString(), failures: String(failures) };
      await notices.send(db, { userId, to: user.email, notice: 'second_factor_guessed', values });
    });
  }

  return {
    /**
     * Throws `invalid_challenge` for one that is unknown, used or expired, got too many wrong answers, or whose user or session has
     * changed; `invalid_second_factor` for a wrong answer; `rate_limited` during a pause after wrong ones.
     */
    answer: (answer: Answer, client: Client): Promise<Login | TokenPair> =>
      count(async () => {
        const challenged = await challenges.find(answer.token);
        const attempt = () => respond(challenged, answer, client).catch(outdated);
        return challenged.sessionId === undefined ? countLogin(attempt) : attempt();
      }),
  };
}

const isTelling = (failures: number) => failures > 0 && Number.isInteger(Math.log2(failures / tellingFailures));

/** Whatever ended the session or changed the credentials meanwhile, ended the challenge too. */
function outdated(error: unknown): never {
  const isOutdated = error instanceof ServiceError && endings.includes(error.code);
  throw isOutdated ? new ServiceError('invalid_challenge', { cause: error }) : error;
}

const endings = ['invalid_token', 'invalid_credentials', 'account_disabled'];
