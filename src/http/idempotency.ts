import type { Db } from '../platform/database/database.ts';
import type { OperationId, OperationRequest } from './operation.ts';

/** A request that may be sent again (draft-ietf-httpapi-idempotency-key-header). */
export interface RepeatableRequest {
  /** What the key is unique in: an operation and, where nobody is signed in, what else tells senders apart. */
  readonly scope: readonly string[];
  /** Who sends it; keys of others are other keys. */
  readonly principalId?: string | undefined;
  /** The client's `Idempotency-Key`; without one nothing is kept. */
  readonly key: string | undefined;
  /** A repeat must have the same. */
  readonly body: unknown;
  /** Throws what a sender is told who may not have the kept reply; without it, whoever has the key may. */
  readonly admit?: (() => Promise<void>) | undefined;
}

/** A reply as it is kept. */
export interface KeptReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Keeps a reply in the transaction that it is the reply of; `userId` is whom it shows. */
export type Keep = (db: Db, reply: KeptReply, userId: string) => Promise<void>;

/** Does work once for all repeats of a request. Throws `idempotency_key_reused` when the key was used for another body. */
export type Once = (request: RepeatableRequest, work: (keep: Keep) => Promise<KeptReply>) => Promise<KeptReply>;

/** How repeats are told apart where nobody is signed in. */
export interface RepeatRule {
  readonly scope: readonly string[];
  readonly body: unknown;
  readonly admit: () => Promise<void>;
}

/** A rule for each public operation that takes an `Idempotency-Key`. */
export type RepeatRules = { readonly [Id in OperationId]?: (request: OperationRequest<Id>) => RepeatRule };
