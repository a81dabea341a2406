import type { Operation } from './calls.js';
export type { components, paths } from './schema.js';
/** The path that every path of the contract follows. */
export declare const basePath = "/api/v1";
/** How each operation is asked for. */
export declare const operations: {
    readonly login: {
        readonly method: "POST";
        readonly path: "/auth/login";
        readonly secured: false;
        readonly takesKey: false;
    };
    readonly logout: {
        readonly method: "POST";
        readonly path: "/auth/logout";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly getCurrentUser: {
        readonly method: "GET";
        readonly path: "/auth/me";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly updateCurrentUser: {
        readonly method: "PATCH";
        readonly path: "/auth/me";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly refreshTokens: {
        readonly method: "POST";
        readonly path: "/auth/refresh";
        readonly secured: false;
        readonly takesKey: false;
    };
    readonly registerUser: {
        readonly method: "POST";
        readonly path: "/auth/register";
        readonly secured: false;
        readonly takesKey: true;
    };
    readonly getHealth: {
        readonly method: "GET";
        readonly path: "/health";
        readonly secured: false;
        readonly takesKey: false;
    };
    readonly getReadiness: {
        readonly method: "GET";
        readonly path: "/health/ready";
        readonly secured: false;
        readonly takesKey: false;
    };
    readonly listUsers: {
        readonly method: "GET";
        readonly path: "/users";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly createUser: {
        readonly method: "POST";
        readonly path: "/users";
        readonly secured: true;
        readonly takesKey: true;
    };
    readonly getUser: {
        readonly method: "GET";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly updateUser: {
        readonly method: "PATCH";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesKey: false;
    };
    readonly deleteUser: {
        readonly method: "DELETE";
        readonly path: "/users/{user_id}";
        readonly secured: true;
        readonly takesKey: false;
    };
};
/** The name of an operation. */
export type OperationId = keyof typeof operations;
/** Each operation as a function. */
export interface Operations {
    /** Sign in: `POST /auth/login`. */
    login: Operation<'login'>;
    /** Sign out: `POST /auth/logout`. */
    logout: Operation<'logout'>;
    /** Get your account: `GET /auth/me`. */
    getCurrentUser: Operation<'getCurrentUser'>;
    /** Update your account: `PATCH /auth/me`. */
    updateCurrentUser: Operation<'updateCurrentUser'>;
    /** Refresh tokens: `POST /auth/refresh`. */
    refreshTokens: Operation<'refreshTokens'>;
    /** Register: `POST /auth/register`. */
    registerUser: Operation<'registerUser'>;
    /** Check health: `GET /health`. */
    getHealth: Operation<'getHealth'>;
    /** Check readiness: `GET /health/ready`. */
    getReadiness: Operation<'getReadiness'>;
    /** List users: `GET /users`. */
    listUsers: Operation<'listUsers'>;
    /** Create a user: `POST /users`. */
    createUser: Operation<'createUser'>;
    /** Get a user: `GET /users/{user_id}`. */
    getUser: Operation<'getUser'>;
    /** Update a user: `PATCH /users/{user_id}`. */
    updateUser: Operation<'updateUser'>;
    /** Delete a user: `DELETE /users/{user_id}`. */
    deleteUser: Operation<'deleteUser'>;
}
