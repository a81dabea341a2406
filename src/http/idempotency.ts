import type { Db } from '../platform/database/database.ts';
import type { OperationId, OperationRequest } from './operation.ts';

/** A request that can be repeated (draft-ietf-httpapi-idempotency-key-header). */
export interface RepeatableRequest {
  /** Where the key is unique: the operation and, if it is public, whatever else tells senders apart. */
  readonly scope: readonly string[];
  /** The sender; the same key from another sender is a different key. */
  readonly principalId?: string | undefined;
  /** The client's `Idempotency-Key`; without it nothing is kept. */
  readonly key: string | undefined;
  /** A repeat must have the same one. */
  readonly body: unknown;
  /** Throws if the sender may not get the kept reply; without it, anyone with the key may. */
  readonly admit?: (() => Promise<void>) | undefined;
}

/** A reply in the form that is kept. */
export interface KeptReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Stores a reply in the transaction that produced it; `userId` is the user that it shows, if any. */
export type Keep = (db: Db, reply: KeptReply, userId: string | null) => Promise<void>;

/** Does the work of a request once, however often it is repeated. Throws `idempotency_key_reused` if the key was used for another body. */
export type Once = (request: RepeatableRequest, work: (keep: Keep) => Promise<KeptReply>) => Promise<KeptReply>;

/** How senders of a public operation are distinguished. */
export interface RepeatRule {
  readonly scope: readonly string[];
  readonly body: unknown;
  readonly admit: () => Promise<void>;
}

/** A rule for each public operation that takes an `Idempotency-Key`. */
export type RepeatRules = { readonly [Id in OperationId]?: (request: OperationRequest<Id>) => RepeatRule };
