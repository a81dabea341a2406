import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { createHashing, type HashingObserver } from './password-hashing.ts';
import { createPasswordPolicy, type PasswordBounds } from './password-policy.ts';

/** What passwords may be, and how they are hashed. */
export type PasswordsService = ReturnType<typeof createPasswords>['service'];

/** What a password may be, and how it is hashed. */
export function createPasswords({ config, contract, metrics }: Platform) {
  const hashing = createHashing({ cost: config.bcryptCost, ...config.hashing }, observe(metrics));
  const check = createPasswordPolicy(contract.components.schemas['Password'] as PasswordBounds);
  return { service: { ...hashing, check }, handlers: {} } satisfies ServedFeature;
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
