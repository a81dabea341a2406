import type { operations } from './schema.js';
interface Json<Value> {
    content: {
        'application/json': Value;
    };
}
type Parameters<Id extends keyof operations> = operations[Id]['parameters'];
type Success<Responses> = Responses[keyof Responses & (200 | 201 | 204)];
/** The parameters in an operation's path. */
export type Path<Id extends keyof operations> = NonNullable<Parameters<Id>['path']>;
/** The parameters in an operation's query. */
export type Query<Id extends keyof operations> = NonNullable<Parameters<Id>['query']>;
/** What an operation is sent. */
export type Body<Id extends keyof operations> = operations[Id] extends {
    requestBody: Json<infer Value>;
} ? Value : never;
/** The body of an operation's success. */
export type Reply<Id extends keyof operations> = Success<operations[Id]['responses']> extends Json<infer Value> ? Value : undefined;
/** What every call may be given. */
export interface CallOptions {
    /** Ends the call, also while it waits to send again. */
    readonly signal?: AbortSignal | undefined;
}
/** What a change may be given. */
export interface ChangeOptions extends CallOptions {
    /** The `etag` that the change is based on: if there is another by now, `precondition_failed` is thrown and nothing changes. */
    readonly ifMatch?: string | undefined;
}
/** What a call that makes something may be given. */
export interface CreateOptions extends CallOptions {
    /** Names this attempt, for repeating it yourself: for 24 hours the same key makes nothing twice. Nobody may be able to guess it. */
    readonly idempotencyKey?: string | undefined;
}
export {};
