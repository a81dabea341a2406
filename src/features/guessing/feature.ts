import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import * as repository from './guessing.repository.ts';
import { createGuessingService, guessRefusals } from './guessing.service.ts';
import { createPersonalData } from './personal-data.ts';

/** Counts failed attempts at passwords and codes, and slows those who make them. */
export function createGuessing({ database, jobs, keys, metrics }: Platform) {
  const [key] = keys.ring('accounts');
  const service = createGuessingService({
    database,
    counts: repository,
    key,
    jobs,
    record: metrics.labelledCounter({
      name: 'latchkey_guesses_refused_total',
      help: 'Attempts at a password or code that were refused unchecked, by reason',
      label: 'reason',
      values: guessRefusals,
    }),
  });
  return {
    service,
    handlers: {},
    expiry: [{ name: 'guess_counts', deleteSome: repository.deleteExpiredCounts }],
    personalData: createPersonalData(service),
    indexes: {
      guess_counts_pkey: `select * from guess_counts where account = '\\x00' and source = ''`,
      guess_counts_expires_at_idx: undefined,
    },
  } satisfies ServedFeature;
}
