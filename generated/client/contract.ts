/* Made by `npm run generate` from openapi/. Do not edit. */
import type { Body, CallOptions, ChangeOptions, CreateOptions, Path, Query, Reply } from './calls.ts';
export type { components } from './schema.ts';

/** The prefix of every path in the contract. */
export const basePath = "/api/v1";

/** How to send each operation. */
export const operations = {
  listAuditEvents: {"method":"GET","path":"/audit-events","secured":true,"takesBody":false,"takesQuery":true,"takesKey":false,"typed":false},
  listOwnEvents: {"method":"GET","path":"/auth/events","secured":true,"takesBody":false,"takesQuery":true,"takesKey":false,"typed":false},
  login: {"method":"POST","path":"/auth/login","secured":false,"takesBody":true,"takesQuery":false,"takesKey":false,"typed":true},
  logout: {"method":"POST","path":"/auth/logout","secured":true,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
  getCurrentUser: {"method":"GET","path":"/auth/me","secured":true,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
  updateCurrentUser: {"method":"PATCH","path":"/auth/me","secured":true,"takesBody":true,"takesQuery":false,"takesKey":false,"typed":false},
  refreshTokens: {"method":"POST","path":"/auth/refresh","secured":false,"takesBody":true,"takesQuery":false,"takesKey":false,"typed":false},
  registerUser: {"method":"POST","path":"/auth/register","secured":false,"takesBody":true,"takesQuery":false,"takesKey":true,"typed":true},
  getHealth: {"method":"GET","path":"/health","secured":false,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
  getReadiness: {"method":"GET","path":"/health/ready","secured":false,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
  listUsers: {"method":"GET","path":"/users","secured":true,"takesBody":false,"takesQuery":true,"takesKey":false,"typed":false},
  createUser: {"method":"POST","path":"/users","secured":true,"takesBody":true,"takesQuery":false,"takesKey":true,"typed":false},
  getUser: {"method":"GET","path":"/users/{user_id}","secured":true,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
  updateUser: {"method":"PATCH","path":"/users/{user_id}","secured":true,"takesBody":true,"takesQuery":false,"takesKey":false,"typed":false},
  deleteUser: {"method":"DELETE","path":"/users/{user_id}","secured":true,"takesBody":false,"takesQuery":false,"takesKey":false,"typed":false},
} as const;

/** The name of an operation. */
export type OperationId = keyof typeof operations;

/** Each operation as a function. */
export interface Operations {
  /** List audit events: `GET /audit-events`. */
  readonly listAuditEvents: (query?: Query<'listAuditEvents'>, options?: CallOptions) => Promise<Reply<'listAuditEvents'>>;
  /** List your events: `GET /auth/events`. */
  readonly listOwnEvents: (query?: Query<'listOwnEvents'>, options?: CallOptions) => Promise<Reply<'listOwnEvents'>>;
  /** Sign in: `POST /auth/login`. */
  readonly login: (body: Body<'login'>, options?: CallOptions) => Promise<Reply<'login'>>;
  /** Sign out: `POST /auth/logout`. */
  readonly logout: (options?: CallOptions) => Promise<Reply<'logout'>>;
  /** Get your account: `GET /auth/me`. */
  readonly getCurrentUser: (options?: CallOptions) => Promise<Reply<'getCurrentUser'>>;
  /** Update your account: `PATCH /auth/me`. */
  readonly updateCurrentUser: (body: Body<'updateCurrentUser'>, options?: ChangeOptions) => Promise<Reply<'updateCurrentUser'>>;
  /** Refresh tokens: `POST /auth/refresh`. */
  readonly refreshTokens: (body: Body<'refreshTokens'>, options?: CallOptions) => Promise<Reply<'refreshTokens'>>;
  /** Register: `POST /auth/register`. */
  readonly registerUser: (body: Body<'registerUser'>, options?: CreateOptions) => Promise<Reply<'registerUser'>>;
  /** Check liveness: `GET /health`. */
  readonly getHealth: (options?: CallOptions) => Promise<Reply<'getHealth'>>;
  /** Check readiness: `GET /health/ready`. */
  readonly getReadiness: (options?: CallOptions) => Promise<Reply<'getReadiness'>>;
  /** List users: `GET /users`. */
  readonly listUsers: (query?: Query<'listUsers'>, options?: CallOptions) => Promise<Reply<'listUsers'>>;
  /** Create a user: `POST /users`. */
  readonly createUser: (body: Body<'createUser'>, options?: CreateOptions) => Promise<Reply<'createUser'>>;
  /** Get a user: `GET /users/{user_id}`. */
  readonly getUser: (userId: Path<'getUser'>['user_id'], options?: CallOptions) => Promise<Reply<'getUser'>>;
  /** Update a user: `PATCH /users/{user_id}`. */
  readonly updateUser: (userId: Path<'updateUser'>['user_id'], body: Body<'updateUser'>, options?: ChangeOptions) => Promise<Reply<'updateUser'>>;
  /** Delete a user: `DELETE /users/{user_id}`. */
  readonly deleteUser: (userId: Path<'deleteUser'>['user_id'], options?: ChangeOptions) => Promise<Reply<'deleteUser'>>;
}
