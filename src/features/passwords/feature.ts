import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { breachOutcomes, createBreachedPasswords, type BreachedPasswords } from './breached-passwords.ts';
import { loadCommonPasswords } from './common-passwords.ts';
import { createHashing, type HashingObserver } from './password-hashing.ts';
import { createPasswordPolicy } from './password-policy.ts';
import { createPasswordsService } from './passwords.service.ts';
import { serviceNamesOf } from './service-names.ts';

/** What a password may be, and how it is hashed. */
export function createPasswords({ config, contract, metrics, log }: Platform) {
  const { minLength, breachedUrl } = config.passwords;
  const { maxLength } = contract.components.schemas['Password'] as { readonly maxLength: number };
  const service = createPasswordsService({
    hashing: createHashing({ cost: config.bcryptCost, ...config.hashing }, observe(metrics)),
    policy: createPasswordPolicy({
      minLength,
      maxLength,
      isCommon: loadCommonPasswords(),
      serviceNames: serviceNamesOf([config.serviceName, config.tokens.issuer], config.publicUrl),
    }),
    isBreached: breachedUrl === undefined ? async () => false : searchBreaches(breachedUrl, { metrics, log }),
  });
  return { service, handlers: {} } satisfies ServedFeature;
}

function searchBreaches(url: string, { metrics, log }: Pick<Platform, 'metrics' | 'log'>): BreachedPasswords {
  const record = metrics.labelledCounter({
    name: 'latchkey_breached_password_checks_total',
    help: 'Searches of new passwords in known breaches by outcome',
    label: 'outcome',
    values: breachOutcomes,
  });
  return createBreachedPasswords({ url, record, log });
}

function observe(metrics: Metrics): HashingObserver {
  return {
    hashed: metrics.histogram({
      name: 'latchkey_hashing_duration_seconds',
      help: 'Duration of a password hash, without the wait for it',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    }),
    hashingRefused: metrics.counter({
      name: 'latchkey_hashing_refused_total',
      help: 'Passwords refused because the queue was full',
    }),
    watchHashing(read) {
      metrics.gauge('latchkey_hashing_queue_depth', 'Passwords waiting to be hashed', () => read().depth);
      metrics.gauge('latchkey_hashing_running', 'Passwords being hashed', () => read().running);
    },
  };
}
