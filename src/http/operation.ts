import type { operations as Contract } from '../../generated/openapi.ts';
import type { operations } from '../../generated/operations.ts';
import type { Client } from '../access/client.ts';
import type { PrincipalOfScheme } from '../access/principal.ts';
import type { Db } from '../platform/database/database.ts';

/** The contract's name for something that a client can ask for. */
export type OperationId = keyof Contract;

/** What the contract says about an operation, apart from its shapes. */
export type Operation = (typeof operations)[OperationId];

type Success = 200 | 201 | 202 | 204;

type Parameters<Id extends OperationId, Place extends keyof Contract[Id]['parameters']> = NonNullable<
  Contract[Id]['parameters'][Place]
>;

/** A body that is no JSON, with its media type. */
export interface Bytes<MediaType = string> {
  readonly mediaType: MediaType;
  readonly bytes: Buffer;
}

type BodyIn<Content> = Content extends { 'application/json': infer Json } ? Json : Bytes<keyof Content>;

type Body<Id extends OperationId> = Contract[Id] extends { requestBody: { content: infer Content } }
  ? BodyIn<Content>
  : undefined;

/** A request that passed the contract's checks. */
export interface OperationRequest<Id extends OperationId> {
  readonly params: Parameters<Id, 'path'>;
  readonly query: Parameters<Id, 'query'>;
  /** By lower-case name, as in Node. */
  readonly headers: LowercaseKeys<Parameters<Id, 'header'>>;
  readonly body: Body<Id>;
  /** The `Cookie` header as it was sent: what cookies are called depends on the configuration. */
  readonly cookie: string | undefined;
  readonly client: Client;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** The sender, authenticated by one of the operation's schemes. */
  readonly principal: PrincipalOf<(typeof operations)[Id]['access']>;
}

type PrincipalOf<Access> = Access extends readonly { scheme: infer Scheme extends keyof PrincipalOfScheme }[]
  ? PrincipalOfScheme[Scheme]
  : undefined;

type LowercaseKeys<Fields> = { [Name in keyof Fields as Lowercase<Name & string>]: Fields[Name] };

// Headers that middleware sets on every response, so that handlers need not.
type SharedHeader = 'X-Request-Id' | 'RateLimit' | 'RateLimit-Policy';

// Drops the index signature, which would allow any header.
type DocumentedHeaders<Headers> = {
  [Name in keyof Headers as string extends Name ? never : Name extends SharedHeader ? never : Name]: Headers[Name];
};

type Content<Response> = Response extends { content: infer Content } ? BodyIn<Content> : undefined;

/** One of the successes that the contract documents for an operation: status, headers and body. */
export type Reply<Id extends OperationId> = {
  [Status in keyof Contract[Id]['responses'] & Success]: {
    readonly status: Status;
    readonly headers: Contract[Id]['responses'][Status] extends { headers: infer Headers }
      ? DocumentedHeaders<Headers>
      : object;
    readonly body: Content<Contract[Id]['responses'][Status]>;
  };
}[keyof Contract[Id]['responses'] & Success];

/**
 * What is left of an operation once its slow part is done. The router runs it in a transaction, perhaps twice, and keeps its reply
 * there where the contract takes an `Idempotency-Key`.
 */
export type Commit<Id extends OperationId> = (db: Db) => Promise<Reply<Id> & Shown>;

/** The user that a reply shows, if that is not the sender: the kept reply is deleted with the user. Null if it shows nobody. */
export interface Shown {
  readonly shows?: string | null;
}

export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
) => Promise<(typeof operations)[Id]['takesIdempotencyKey'] extends true ? Commit<Id> : Reply<Id> | Commit<Id>>;

/** A handler per operation: a missing, misspelt or undocumented one does not compile. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
