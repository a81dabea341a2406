import type { operations } from './schema.ts';

interface Json<Value> {
  content: { 'application/json': Value };
}
type Parameters<Id extends keyof operations> = operations[Id]['parameters'];
type Success<Responses> = Responses[keyof Responses & (200 | 201 | 202 | 204)];
type Content<Response> = Response extends Json<infer Value> ? Value : Bytes<Response>;
// Without JSON it is a Blob, or nothing.
type Bytes<Part> = Part extends { content: infer Types } ? Types[keyof Types] : undefined;

/** The parameters in an operation's path. */
export type Path<Id extends keyof operations> = NonNullable<Parameters<Id>['path']>;

/** The parameters in an operation's query. */
export type Query<Id extends keyof operations> = NonNullable<Parameters<Id>['query']>;

/** The request body of an operation. */
export type Body<Id extends keyof operations> = operations[Id] extends { requestBody: Json<infer Value> }
  ? Value
  : operations[Id] extends { requestBody: infer Body }
    ? Bytes<Body>
    : never;

interface SetsCookies {
  headers: { 'Set-Cookie': unknown };
}
type First<One, Other> = [One] extends [never] ? Other : One;

/** The response body of an operation; where cookies may take its place, the body that it has otherwise. */
export type Reply<Id extends keyof operations> = Content<
  First<Exclude<Success<operations[Id]['responses']>, SetsCookies>, Success<operations[Id]['responses']>>
>;

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call, even while it waits to retry. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of an update. */
export interface ChangeOptions extends CallOptions {
  /** The `etag` of the version to update. If it has changed since, `precondition_failed` is thrown and nothing changes. */
  readonly ifMatch?: string | undefined;
}

/** Options of a call that creates something. */
export interface CreateOptions extends CallOptions {
  /** Lets you retry yourself: for 24 hours, nothing is created twice under the same key. It must be impossible to guess. */
  readonly idempotencyKey?: string | undefined;
}
