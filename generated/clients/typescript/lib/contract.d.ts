import type { Body, CallOptions, ChangeOptions, CreateOptions, Path, Query, Reply } from './calls.js';
export type { components } from './schema.js';
/** The path that every path of the contract follows. */
export declare const basePath = "/api/v1";
/** How each operation is asked for. */
export declare const operations: {
    readonly login: {
        readonly method: "POST";
        readonly path: "/auth/login";
        readonly secured: false;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: true;
    };
    readonly logout: {
        readonly method: "POST";
        readonly path: "/auth/logout";
        readonly secured: true;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly getCurrentUser: {
        readonly method: "GET";
        readonly path: "/auth/me";
        readonly secured: true;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly updateCurrentUser: {
        readonly method: "PATCH";
        readonly path: "/auth/me";
        readonly secured: true;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly refreshTokens: {
        readonly method: "POST";
        readonly path: "/auth/refresh";
        readonly secured: false;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly registerUser: {
        readonly method: "POST";
        readonly path: "/auth/register";
        readonly secured: false;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: true;
        readonly typed: true;
    };
    readonly getHealth: {
        readonly method: "GET";
        readonly path: "/health";
        readonly secured: false;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly getReadiness: {
        readonly method: "GET";
        readonly path: "/health/ready";
        readonly secured: false;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly listUsers: {
        readonly method: "GET";
        readonly path: "/users";
        readonly secured: true;
        readonly takesBody: false;
        readonly takesQuery: true;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly createUser: {
        readonly method: "POST";
        readonly path: "/users";
        readonly secured: true;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: true;
        readonly typed: false;
    };
    readonly getUser: {
        readonly method: "GET";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly updateUser: {
        readonly method: "PATCH";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesBody: true;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
    readonly deleteUser: {
        readonly method: "DELETE";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesBody: false;
        readonly takesQuery: false;
        readonly takesKey: false;
        readonly typed: false;
    };
};
/** The name of an operation. */
export type OperationId = keyof typeof operations;
/** Each operation as a function. */
export interface Operations {
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
    /** Check health: `GET /health`. */
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
