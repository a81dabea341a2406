import type { operations as Contract } from '../../generated/openapi.ts';
import type { operations } from '../../generated/operations.ts';
import type { Principal } from '../access/principal.ts';

/** The contract's name for something that a client can ask for. */
export type OperationId = keyof Contract;

/** What the contract decides about an operation besides its shapes. */
export type Operation = (typeof operations)[OperationId];

type Success = 200 | 201 | 202 | 204;

type Parameters<Id extends OperationId, Place extends keyof Contract[Id]['parameters']> = NonNullable<
  Contract[Id]['parameters'][Place]
>;

type Body<Id extends OperationId> = Contract[Id] extends {
  requestBody: { content: { 'application/json': infer Json } };
}
  ? Json
  : undefined;

/** A request that passed the contract's checks. */
export interface OperationRequest<Id extends OperationId> {
  readonly params: Parameters<Id, 'path'>;
  readonly query: Parameters<Id, 'query'>;
  /** By lower-case name, as Node gives them. */
  readonly headers: LowercaseKeys<Parameters<Id, 'header'>>;
  readonly body: Body<Id>;
  /** Its answer, which is destroyed once the client has left. */
  readonly res: { readonly destroyed: boolean };
  /** Who asks, where the contract has security. */
  readonly principal: (typeof operations)[Id]['leastRole'] extends null ? undefined : Principal;
}

type LowercaseKeys<Fields> = { [Name in keyof Fields as Lowercase<Name & string>]: Fields[Name] };

// Headers that every answer gets from the middleware, so that handlers need not name them.
type SharedHeader = 'X-Request-Id' | 'RateLimit' | 'RateLimit-Policy';

// Leaves the index signature out, which would allow every header.
type DocumentedHeaders<Headers> = {
  [Name in keyof Headers as string extends Name ? never : Name extends SharedHeader ? never : Name]: Headers[Name];
};

type Content<Response> = Response extends { content: { 'application/json': infer Json } } ? Json : undefined;

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

export type Handler<Id extends OperationId> = (request: OperationRequest<Id>) => Promise<Reply<Id>>;

/** A handler for each operation: one that is missing, misspelt or undocumented does not compile. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
