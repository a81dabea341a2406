import type { operations } from './schema.ts';

interface Json<Value> {
  content: { 'application/json': Value };
}
type Body<Id extends keyof operations> = operations[Id] extends { requestBody: Json<infer Value> }
  ? { readonly body: Value }
  : object;
type Parameters<Id extends keyof operations> = Pick<operations[Id]['parameters'], 'path' | 'query' | 'header'>;
type Success<Responses> = Responses[keyof Responses & (200 | 201 | 204)];

/** What an operation is called with: its parameters, its body, and a signal that ends the wait. */
export type Call<Id extends keyof operations> = Readonly<Parameters<Id>> & Body<Id> & { readonly signal?: AbortSignal };

/** The body of an operation's success. */
export type Reply<Id extends keyof operations> =
  Success<operations[Id]['responses']> extends Json<infer Value> ? Value : undefined;

/** An operation as a function. Its argument may be left out when nothing in it is required. */
export type Operation<Id extends keyof operations> = (
  ...call: object extends Call<Id> ? [call?: Call<Id>] : [call: Call<Id>]
) => Promise<Reply<Id>>;
