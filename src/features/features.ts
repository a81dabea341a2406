import type { Handlers } from '../http/operation.ts';
import type { Platform } from '../platform/platform.ts';
import { createAudit } from './audit/feature.ts';
import { createEmailCodes } from './email-codes/feature.ts';
import { createEmailAddresses } from './email-addresses/feature.ts';
import { createFactors } from './factors/feature.ts';
import type { Feature } from './feature.ts';
import { createGuessing } from './guessing/feature.ts';
import { createHealth } from './health/feature.ts';
import { createIdempotency } from './idempotency/feature.ts';
import { createJobs } from './jobs/feature.ts';
import { createNotices } from './notices/feature.ts';
import { createOneTimeSecrets } from './one-time-secrets/feature.ts';
import { createOverview } from './overview/feature.ts';
import { createPersonalData } from './personal-data/feature.ts';
import { createPasskeys } from './passkeys/feature.ts';
import { createPasswords } from './passwords/feature.ts';
import { createPictures } from './pictures/feature.ts';
import { createRecovery } from './recovery/feature.ts';
import { createRegistration } from './registration/feature.ts';
import { createSessions } from './sessions/feature.ts';
import { createSignIn } from './sign-in/feature.ts';
import { createSigningKeys } from './signing-keys/feature.ts';
import { createUsers } from './users/feature.ts';

export type Features = ReturnType<typeof createFeatures>;

/** Creates the features. This is their only list: those that others need come first, a new one is a line at the end. */
export function createFeatures(platform: Platform) {
  const audit = createAudit(platform);
  const idempotency = createIdempotency(platform);
  const notices = createNotices(platform);
  const oneTimeSecrets = createOneTimeSecrets(platform);
  const guessing = createGuessing(platform);
  const passwords = createPasswords(platform);
  const sessions = createSessions(platform, { audit, notices });
  const factors = createFactors(platform, { audit, guessing, notices, sessions });
  const registration = createRegistration(platform, { oneTimeSecrets });
  const users = createUsers(platform, { audit, factors, idempotency, notices, passwords, registration, sessions });
  const passkeys = createPasskeys(platform, { audit, factors, notices });
  const recovery = createRecovery(platform, { audit, guessing, notices, oneTimeSecrets, passwords, users });
  const emailCodes = createEmailCodes(platform, { audit, users });
  const features = {
    audit,
    guessing,
    idempotency,
    notices,
    oneTimeSecrets,
    passwords,
    sessions,
    factors,
    users,
    registration,
    passkeys,
    recovery,
    emailCodes,
    emailAddresses: createEmailAddresses(platform, {
      audit,
      notices,
      oneTimeSecrets,
      recovery,
      registration,
      sessions,
      users,
    }),
    signIn: createSignIn(platform, {
      audit,
      emailCodes,
      factors,
      guessing,
      notices,
      passkeys,
      passwords,
      sessions,
      users,
    }),
    pictures: createPictures(platform, { users }),
    signingKeys: createSigningKeys(platform),
    jobs: createJobs(platform, { audit }),
    health: createHealth(platform),
  };
  // All others contribute to these.
  const all = Object.values(features);
  return {
    ...features,
    personalData: createPersonalData(platform, { audit, users }, all),
    overview: createOverview(platform, { audit, sessions, users }, all),
  };
}

/** The handlers of all features. An operation that none of them handles does not compile. */
export function handlersOf(features: Features): Handlers {
  const handlers = Object.values(features).map((feature) => feature.handlers);
  return Object.assign({}, ...handlers) as Intersection<(typeof handlers)[number]>;
}

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** Merges one part of all features, by its keys. */
export function gather<Part extends 'repeatRules' | 'schemes' | 'endObservers' | 'indexes'>(
  features: Features,
  part: Part,
): NonNullable<Feature[Part]> {
  const all: readonly Feature[] = Object.values(features);
  return Object.assign({}, ...all.map((feature) => feature[part])) as NonNullable<Feature[Part]>;
}

/** Collects one part of all features into a list. */
export function listOf<Part extends 'expiry' | 'checks' | 'jobs'>(features: Features, part: Part) {
  const all: readonly Feature[] = Object.values(features);
  return all.flatMap((feature): readonly NonNullable<Feature[Part]>[number][] => feature[part] ?? []);
}
