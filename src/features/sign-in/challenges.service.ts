import { createHash, randomBytes } from 'node:crypto';
import type { Client } from '../../access/client.ts';
import type { Database } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { FactorsService } from '../factors/factors.service.ts';
import type * as challengesRepository from './login-challenges.repository.ts';
import type { Challenged } from './login-challenges.repository.ts';

export interface ChallengesServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly challenges: Pick<typeof challengesRepository, 'insertChallenge' | 'findChallenge'>;
  readonly factors: Pick<FactorsService, 'kindsOf'>;
  readonly audit: Pick<AuditService, 'record'>;
}

const ttlSeconds = 300;

/** Wrong answers that a challenge takes. */
export const maxAnswers = 5;

export type ChallengesService = ReturnType<typeof createChallengesService>;

/** Asks for the second factor. A challenge is what somebody gets who proved the first: no session, no device, nothing else. */
export function createChallengesService({ database, challenges, factors, audit }: ChallengesServiceParts) {
  return {
    /** Returns the error that carries the challenge; `undefined` if the user has no second factor any more. */
    async issue(challenged: Challenged, client: Client): Promise<ServiceError | undefined> {
      const { userId, sessionId, methods } = challenged;
      const kinds = await factors.kindsOf(database.pool, userId);
      if (kinds.length === 0) return undefined;
      // 256 random bits, with a prefix that secret scanners can look for.
      const token = `lkc_${randomBytes(32).toString('base64url')}`;
      const expiresAt = await database.transaction(async (db) => {
        const event = { type: 'session.challenged', outcome: 'success', userId, sessionId, client } as const;
        await audit.record(db, { ...event, details: { method: methods.join('+') } });
        return challenges.insertChallenge(db, challenged, { hash: hashOfChallenge(token), ttlSeconds });
      });
      const challenge = { token, factors: kinds, expires_at: expiresAt.toISOString() };
      return new ServiceError('second_factor_required', { challenge });
    },

    /** Throws `invalid_challenge` for one that can't be answered. */
    async find(token: string): Promise<Challenged> {
      const challenged = await challenges.findChallenge(database.pool, hashOfChallenge(token), maxAnswers);
      if (!challenged) throw new ServiceError('invalid_challenge');
      return challenged;
    },
  };
}

/** Whether an error says that a session takes a second factor. */
export function needsSecondFactor(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'second_factor_required';
}

/** What is stored of a challenge's token; its entropy makes a fast hash enough (ASVS 6.5.2). */
export function hashOfChallenge(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
