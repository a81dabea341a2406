import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { nobody } from '../users/joined-user.ts';
import * as replies from './idempotency.repository.ts';
import { createIdempotencyService } from './idempotency.service.ts';
import { personalData } from './personal-data.ts';

/** Kept replies, for requests that are sent again. */
export function createIdempotency({ database, keys }: Platform) {
  return {
    service: createIdempotencyService({ database, replies, keys: keys.ring('idempotency') }),
    handlers: {},
    expiry: [{ name: 'idempotency_keys', deleteSome: replies.deleteExpiredReplies }],
    personalData,
    indexes: {
      idempotency_keys_pkey: `select * from idempotency_keys where key_hash = '\\x00'`,
      idempotency_keys_user_id_idx: deleteOf,
      idempotency_keys_principal_id_idx: deleteOf,
      idempotency_keys_expires_at_idx: undefined,
    },
  } satisfies ServedFeature;
}
const deleteOf = `delete from idempotency_keys where user_id = '${nobody}' or principal_id = '${nobody}'`;
