/* Made by `npm run generate` from openapi/. Do not edit. */
export interface paths {
    "/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description Lists what happened to all accounts and who did it, the newest first. Filters combine: an event must match all of them. Nobody can
         *     change an event; the server deletes events after a time that its operators set, a year unless they chose another.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your events
         * @description Lists what happened to your account, the newest first: sign-ins, failed ones, changes. Filters combine: an event must match all of
         *     them. If somebody else did it, an administrator say, their address and program are left out.
         */
        get: operations["listOwnEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Starts a session and returns its tokens. An unknown address and a wrong password get the same response in the same time.
         *     Only the right password reveals that an account is deactivated.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the access token. All of its tokens stop working at once.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get your account
         * @description Returns the user the access token belongs to.
         */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update your account
         * @description Updates the parts of an account that its owner may change. If nothing changes, `etag` and `updated_at` stay the same.
         */
        patch: operations["updateCurrentUser"];
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh tokens
         * @description Exchanges a refresh token for new tokens of the same session. The old refresh token stops working, and using it again ends the
         *     session, so run one refresh at a time.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Creates an account with the role `user`, ready to sign in. An `Idempotency-Key` is tied to the address: the response is replayed to
         *     callers who send the same password; all others are told that the address is taken.
         */
        post: operations["registerUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check liveness
         * @description For liveness probes. Answers as long as the process is running, whatever the state of the database. Never rate limited.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check readiness
         * @description For readiness probes. Checks what requests depend on, the database and its migrations, and answers 503 when the server is about to
         *     stop. Never rate limited.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Lists users, by page or by cursor. Filters combine: a user must match all of them.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Creates a user with any role, ready to sign in.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The `id` of the user.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id: components["parameters"]["PathUserId"];
            };
            cookie?: never;
        };
        /**
         * Get a user
         * @description Returns a user. Moderators and administrators may get any user; other users only themselves.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Deletes a user, along with the user's sessions and any responses kept for an `Idempotency-Key`. The e-mail address becomes free to
         *     register again. The last active administrator can't be deleted.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Update a user
         * @description Updates a user's name, role, or permission to sign in. Demoting or deactivating a user ends all of the user's sessions.
         *     The last active administrator can't be demoted or deactivated. If nothing changes, `etag` and `updated_at` stay the same.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description More about the event, by name; what there is depends on the type. Empty if there is nothing to add, or if it was erased.
         * @example {
         *       "method": "password"
         *     }
         */
        AuditDetails: {
            [key: string]: string;
        };
        /**
         * @description Something that happened to an account. Events are never changed; in time they are deleted.
         * @example {
         *       "id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e41",
         *       "created_at": "2026-01-15T09:30:00.000Z",
         *       "type": "session.started",
         *       "outcome": "success",
         *       "user_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *       "actor_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *       "session_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e31",
         *       "request_id": "3f0c1c9e-6a53-4d6f-9d52-0a8f7f0f2b11",
         *       "ip_address": "203.0.113.7",
         *       "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         *       "details": {
         *         "method": "password"
         *       }
         *     }
         */
        AuditEvent: {
            /**
             * Format: uuid
             * @description The user who did it; null if nobody was signed in, or if an operator or the server did it.
             * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
             */
            actor_id: string | null;
            created_at: components["schemas"]["Timestamp"];
            details: components["schemas"]["AuditDetails"];
            id: components["schemas"]["AuditEventId"];
            /**
             * @description The address of the client that sent the request; null if it is unknown or was erased.
             * @example 203.0.113.7
             */
            ip_address: string | null;
            outcome: components["schemas"]["AuditEventOutcome"];
            /**
             * @description The id of the request, as in logs and in `X-Request-Id`; null if no request caused it.
             * @example 3f0c1c9e-6a53-4d6f-9d52-0a8f7f0f2b11
             */
            request_id: string | null;
            /**
             * Format: uuid
             * @description The session that began, ended or was used.
             * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e31
             */
            session_id: string | null;
            type: components["schemas"]["AuditEventType"];
            /**
             * @description What the client called itself in `User-Agent`, up to 512 characters; null if it sent none or it was erased.
             * @example Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
             */
            user_agent: string | null;
            /**
             * Format: uuid
             * @description The user whom it is about, perhaps deleted since; null if no user is known.
             * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
             */
            user_id: string | null;
        };
        /**
         * Format: uuid
         * @description The id of an event, a version 7 UUID.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e41
         */
        AuditEventId: string;
        /**
         * @description Whether it succeeded, `success` or `failure`. New values may be added; treat an unknown one as a failure.
         * @example success
         */
        AuditEventOutcome: "success" | "failure";
        /**
         * @description Events, the newest first.
         * @example {
         *       "items": [
         *         {
         *           "id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e41",
         *           "created_at": "2026-01-15T09:30:00.000Z",
         *           "type": "session.started",
         *           "outcome": "success",
         *           "user_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *           "actor_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *           "session_id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e31",
         *           "request_id": "3f0c1c9e-6a53-4d6f-9d52-0a8f7f0f2b11",
         *           "ip_address": "203.0.113.7",
         *           "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         *           "details": {
         *             "method": "password"
         *           }
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        AuditEventPage: {
            /** @description The events. */
            items: components["schemas"]["AuditEvent"][];
            /**
             * @description Send this as `cursor` to get the events before these; null at the end of the list.
             * @example null
             */
            next_cursor: string | null;
        };
        /**
         * @description What happened. New types may be added; show an unknown one as it is.
         *
         *     - `user.registered`: somebody registered.
         *     - `user.created`: an administrator or operator created the user.
         *     - `user.renamed`: the full name was changed.
         *     - `user.role_changed`: the role was changed; details name both, `from` and `to`.
         *     - `user.deactivated`: the account was deactivated, which ended its sessions.
         *     - `user.activated`: the account was reactivated.
         *     - `user.deleted`: the account was deleted.
         *     - `user.restored`: a deleted account was restored.
         *     - `user.exported`: everything kept about the user was exported.
         *     - `user.erased`: the personal data of a deleted account was erased.
         *     - `session.started`: somebody signed in; `method` in details says how.
         *     - `session.start_failed`: somebody failed to sign in; `reason` in details says why. `user_id` is null if no user has the address that was sent.
         *     - `session.ended`: somebody signed out, or ended one session of the user.
         *     - `session.all_ended`: all sessions of the user were ended, perhaps except the one that asked for it.
         *     - `session.reauthenticated`: the user proved once more who they are.
         *     - `session.reauthentication_failed`: the user failed to prove once more who they are.
         *     - `session.refresh_token_reused`: a refresh token was used again, as if it had been stolen; its session was ended.
         *     - `password.changed`: the user changed the password.
         *     - `password.change_failed`: the user gave a wrong password when changing it.
         *     - `password.reset_requested`: a link to choose a new password was asked for.
         *     - `password.reset`: the password was replaced by means of such a link.
         *     - `email.verified`: the e-mail address was verified.
         *     - `email.change_requested`: a new e-mail address was asked for; it counts once it is confirmed.
         *     - `email.changed`: the new e-mail address was confirmed.
         *     - `email.change_cancelled`: a change of the e-mail address was cancelled or undone.
         * @example session.started
         */
        AuditEventType: "user.registered" | "user.created" | "user.renamed" | "user.role_changed" | "user.deactivated" | "user.activated" | "user.deleted" | "user.restored" | "user.exported" | "user.erased" | "session.started" | "session.start_failed" | "session.ended" | "session.all_ended" | "session.reauthenticated" | "session.reauthentication_failed" | "session.refresh_token_reused" | "password.changed" | "password.change_failed" | "password.reset_requested" | "password.reset" | "email.verified" | "email.change_requested" | "email.changed" | "email.change_cancelled";
        /**
         * @description The outcome to filter by, `success` or `failure`.
         * @example failure
         * @enum {string}
         */
        AuditOutcome: "success" | "failure";
        /**
         * @description The result of a check; always `ok` in a 200. New values may be added; treat an unknown one as a hint for people.
         * @example ok
         */
        CheckResult: "ok";
        /**
         * @description What people sign in with.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery staple"
         *     }
         */
        Credentials: {
            email: components["schemas"]["EmailAddress"];
            /**
             * @description The password, exactly as it was set.
             * @example correct horse battery staple
             */
            password: string;
        };
        /**
         * Format: idn-email
         * @description An e-mail address. Letters of any script are allowed (RFC 6531).
         *
         *     Addresses are normalised before they are checked, measured and stored: surrounding white space is removed, compatibility characters
         *     are replaced by their plain form (NFKC), letters are lowercased, and international domains are converted to ASCII (UTS 46). Addresses
         *     with the same normalised form are the same address.
         *
         *     Quoted local parts, comments, address literals (`ada@[192.0.2.1]`) and single-label domains (`ada@localhost`) are rejected, and so is
         *     anything after the `@` that is not a plain domain name. The local part is limited to 64 octets. To keep addresses from
         *     impersonating each other, it must not contain invisible (controls, spaces, `Default_Ignorable_Code_Point`, U+2800), unassigned or
         *     private-use characters, or start with a combining mark. In a new address, the local part and each label of the domain must be in one
         *     script, or in several that people write together (UTS 39, "highly restrictive").
         * @example ada@example.com
         */
        EmailAddress: string;
        /**
         * @description A strong entity tag (RFC 9110) that identifies this version of this user. It is opaque and includes its quotes. It changes whenever the
         *     user changes. Send it unchanged as `If-Match`.
         * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
         */
        EntityTag: string;
        /**
         * @description A person's name as they write it, on one line.
         *
         *     Names are normalised before they are checked, measured and stored: surrounding spaces are removed and characters composed (NFC).
         *     A name must have at least one visible character, other than a combining mark. Control characters, line and paragraph separators, direction controls (such as
         *     U+202E) and invisible characters (such as U+200B, U+3164 and `Default_Ignorable_Code_Point` beyond U+FFFF) are rejected. Joiners and
         *     variation selectors are allowed: Persian, Indic, Mongolian and Japanese names need them. Each word must be in one script, or in several
         *     that people write together (UTS 39, "highly restrictive").
         * @example Ada Lovelace
         */
        FullName: string;
        /**
         * @description The state of the process.
         * @example {
         *       "status": "healthy",
         *       "version": "0.1.0"
         *     }
         */
        Health: {
            status: components["schemas"]["HealthStatus"];
            /**
             * @description The server's version.
             * @example 0.1.0
             */
            version: string;
        };
        /**
         * @description Whether the process is running; always `healthy` in a 200. New values may be added; go by the HTTP status.
         * @example healthy
         */
        HealthStatus: "healthy";
        /**
         * Format: date-time
         * @description A moment, as an RFC 3339 time in UTC; milliseconds may be left out.
         * @example 2026-01-15T09:30:00Z
         */
        Instant: string;
        /**
         * @description A user for an administrator to create.
         * @example {
         *       "email": "grace@example.com",
         *       "password": "a ship in port is safe",
         *       "full_name": "Grace Hopper",
         *       "role": "moderator"
         *     }
         */
        NewUser: {
            email: components["schemas"]["EmailAddress"];
            full_name: components["schemas"]["FullName"];
            password: components["schemas"]["Password"];
            role: components["schemas"]["Role"];
        };
        /**
         * @description A password of 8 to 128 characters, counted as Unicode code points. Every character is allowed except U+0000 and unpaired surrogates,
         *     and no mix of characters is required. Rejected are some 50,000 common passwords, and any password that contains the local part of
         *     the e-mail address or the full name, with or without its spaces. That comparison ignores case and Unicode composition; local parts
         *     and names of fewer than 3 characters do not count.
         * @example correct horse battery staple
         */
        Password: string;
        /** @description A problem document (RFC 9457). Branch on `code`, show `detail` to people, and quote `instance` to support. */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /**
             * @description What went wrong this time, and what to do about it.
             * @example The request breaks a rule of the contract; see errors.
             */
            detail: string;
            /** @description The parts of the request that are wrong: always present with `validation_failed`, and pointing at the address with `email_taken`. */
            errors?: components["schemas"]["Violation"][];
            /**
             * Format: uri
             * @description This occurrence, identified by the request's `X-Request-Id`.
             * @example urn:latchkey:request:01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e12
             */
            instance: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 400
             */
            status: number;
            /**
             * @description The kind of problem, the same for every occurrence.
             * @example The request is not valid
             */
            title: string;
            /**
             * Format: uri
             * @description The address of a page that explains the code.
             * @example https://accounts.example.com/problems/validation_failed
             */
            type: string;
        };
        /**
         * @description What went wrong, as a code whose meaning never changes; the guide explains each. New codes may be added; treat an unknown one by its
         *     status.
         * @example validation_failed
         */
        ProblemCode: "account_disabled" | "authentication_required" | "content_too_large" | "email_taken" | "forbidden" | "idempotency_key_reused" | "insufficient_user_authentication" | "internal_error" | "invalid_credentials" | "invalid_refresh_token" | "invalid_token" | "last_admin" | "malformed_request" | "method_not_allowed" | "not_found" | "not_ready" | "precondition_failed" | "rate_limited" | "service_unavailable" | "unsupported_media_type" | "validation_failed";
        /**
         * @description Changes to your own account.
         * @example {
         *       "full_name": "Ada King"
         *     }
         */
        ProfileChanges: {
            full_name?: components["schemas"]["FullName"];
        };
        /**
         * @description Whether the server can handle requests, and why.
         * @example {
         *       "status": "ready",
         *       "checks": {
         *         "database": "ok",
         *         "migrations": "ok"
         *       }
         *     }
         */
        Readiness: {
            checks: components["schemas"]["ReadinessChecks"];
            status: components["schemas"]["ReadinessStatus"];
        };
        /**
         * @description The result of each check.
         * @example {
         *       "database": "ok",
         *       "migrations": "ok"
         *     }
         */
        ReadinessChecks: {
            database: components["schemas"]["CheckResult"];
            migrations: components["schemas"]["CheckResult"];
        };
        /**
         * @description Whether the server can handle requests; always `ready` in a 200. New values may be added; go by the HTTP status.
         * @example ready
         */
        ReadinessStatus: "ready";
        /**
         * @description The refresh token to exchange.
         * @example {
         *       "refresh_token": "lkr_9Yt0oVYyXbMZx0Hq2wqL3p1rXb6mC5zqkq0d3y8F4uE"
         *     }
         */
        RefreshGrant: {
            refresh_token: components["schemas"]["RefreshToken"];
        };
        /**
         * @description An opaque secret that can be exchanged for new tokens once. Using it a second time ends the session, since it may have been stolen.
         * @example lkr_9Yt0oVYyXbMZx0Hq2wqL3p1rXb6mC5zqkq0d3y8F4uE
         */
        RefreshToken: string;
        /**
         * @description What people register with.
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery staple",
         *       "full_name": "Ada Lovelace"
         *     }
         */
        Registration: {
            email: components["schemas"]["EmailAddress"];
            full_name: components["schemas"]["FullName"];
            password: components["schemas"]["Password"];
        };
        /**
         * @description A role to assign or filter by. Each role (`user`, `moderator`, `admin`) includes the ones before it.
         * @example user
         * @enum {string}
         */
        Role: "user" | "moderator" | "admin";
        /**
         * @description Ascending (`asc`) or descending (`desc`).
         * @example desc
         * @enum {string}
         */
        SortDirection: "asc" | "desc";
        /**
         * Format: date-time
         * @description An RFC 3339 time in UTC with milliseconds.
         * @example 2026-01-15T09:30:00.000Z
         */
        Timestamp: string;
        /**
         * @description The tokens of a session.
         * @example {
         *       "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzOWQzYSJ9.3q2-7w",
         *       "refresh_token": "lkr_9Yt0oVYyXbMZx0Hq2wqL3p1rXb6mC5zqkq0d3y8F4uE",
         *       "token_type": "Bearer",
         *       "expires_in": 900
         *     }
         */
        TokenPair: {
            /**
             * @description A signed JWT that authenticates requests until it expires or its session ends. Treat it as opaque.
             * @example eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzOWQzYSJ9.3q2-7w
             */
            access_token: string;
            /**
             * Format: int32
             * @description How many seconds the access token is valid for.
             * @example 900
             */
            expires_in: number;
            refresh_token: components["schemas"]["RefreshToken"];
            token_type: components["schemas"]["TokenType"];
        };
        /**
         * @description The `Authorization` scheme for the access token, `Bearer` (RFC 6750). New schemes may be added; a client cannot use a token whose scheme it does not know.
         * @example Bearer
         */
        TokenType: "Bearer";
        /**
         * @description A user. Never includes a password or anything derived from one.
         * @example {
         *       "id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *       "email": "ada@example.com",
         *       "full_name": "Ada Lovelace",
         *       "role": "user",
         *       "is_active": true,
         *       "created_at": "2026-01-15T09:30:00.000Z",
         *       "updated_at": "2026-01-15T09:30:00.000Z",
         *       "etag": "\"01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1\""
         *     }
         */
        User: {
            created_at: components["schemas"]["Timestamp"];
            email: components["schemas"]["EmailAddress"];
            etag: components["schemas"]["EntityTag"];
            /**
             * @description The person's name, composed (NFC) and trimmed.
             * @example Ada Lovelace
             */
            full_name: string;
            id: components["schemas"]["UserId"];
            /**
             * @description Whether the user may sign in.
             * @example true
             */
            is_active: boolean;
            role: components["schemas"]["UserRole"];
            updated_at: components["schemas"]["Timestamp"];
        };
        /**
         * @description Changes to a user by an administrator. A lower role or `is_active: false` ends all of the user's sessions.
         * @example {
         *       "role": "moderator"
         *     }
         */
        UserChanges: {
            full_name?: components["schemas"]["FullName"];
            /**
             * @description Whether the user may sign in.
             * @example false
             */
            is_active?: boolean;
            role?: components["schemas"]["Role"];
        };
        /**
         * Format: uuid
         * @description A user's id: a version 7 UUID, so that ids sort by age. Responses use lower case. Requests may use either case, but no other spelling,
         *     such as braces or missing dashes.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        UserId: string;
        /**
         * @description A page of users. The whole list is counted only when it is read by `page`; when it is read by `cursor`, `total`, `page` and
         *     `total_pages` are null.
         * @example {
         *       "items": [
         *         {
         *           "id": "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11",
         *           "email": "ada@example.com",
         *           "full_name": "Ada Lovelace",
         *           "role": "user",
         *           "is_active": true,
         *           "created_at": "2026-01-15T09:30:00.000Z",
         *           "updated_at": "2026-01-15T09:30:00.000Z",
         *           "etag": "\"01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1\""
         *         }
         *       ],
         *       "total": 1,
         *       "page": 1,
         *       "limit": 20,
         *       "total_pages": 1,
         *       "next_cursor": null
         *     }
         */
        UserPage: {
            /** @description The users on this page, in the requested order. */
            items: components["schemas"]["User"][];
            /**
             * Format: int32
             * @description The maximum number of users on a page.
             * @example 20
             */
            limit: number;
            /**
             * @description Send this as `cursor` to get the next page; null at the end of the list.
             * @example null
             */
            next_cursor: string | null;
            /**
             * Format: int32
             * @description The number of this page, starting at 1.
             * @example 1
             */
            page: number | null;
            /**
             * Format: int32
             * @description The number of users that match.
             * @example 1
             */
            total: number | null;
            /**
             * Format: int32
             * @description The number of pages.
             * @example 1
             */
            total_pages: number | null;
        };
        /**
         * @description A user's role: `user`, `moderator` or `admin`. Each includes the ones before it. New roles may be added; treat an unknown one as `user`.
         * @example user
         */
        UserRole: "user" | "moderator" | "admin";
        /**
         * @description A field that users can be sorted by.
         * @example created_at
         * @enum {string}
         */
        UserSortField: "created_at" | "updated_at" | "email" | "full_name";
        /**
         * @description One thing that is wrong with a request. Depending on `rule`, there is a `limit`, `allowed` or `expected`, for clients that word the
         *     message themselves.
         * @example {
         *       "pointer": "/body/password",
         *       "message": "must have at least 8 characters",
         *       "rule": "minLength",
         *       "limit": 8
         *     }
         */
        Violation: {
            /** @description The allowed values. */
            allowed?: string[];
            /**
             * @description The expected type or format, as named in the schema.
             * @example integer
             */
            expected?: string;
            /**
             * Format: int32
             * @description The limit that the value exceeds or falls short of.
             * @example 8
             */
            limit?: number;
            /**
             * @description What is wrong, for people. It reads on from the field's name, as in "password must have at least 8 characters". The wording may
             *     change; do not parse it.
             * @example must have at least 8 characters
             */
            message: string;
            /**
             * @description A JSON pointer (RFC 6901) into the request, starting with `/body`, `/query`, `/path` or `/headers`. Truncated if too long.
             * @example /body/password
             */
            pointer: string;
            rule: components["schemas"]["ViolationRule"];
        };
        /**
         * @description The rule that was broken. New rules may be added; for an unknown one, go by the message.
         *
         *     These rules are JSON Schema's:
         *
         *     - `required`: the field is missing.
         *     - `type`: the value has the wrong type; `expected` names the right one.
         *     - `enum`: the value is not one of `allowed`.
         *     - `minLength`, `maxLength`: the text is shorter or longer than `limit`, counted in Unicode code points.
         *     - `minimum`, `maximum`: the number is below or above `limit`.
         *     - `minProperties`: the object has fewer fields than `limit`.
         *     - `pattern`: the text has a character or form that the field does not allow.
         *     - `format`: the text is not in the format that `expected` names, such as `uuid`.
         *     - `additionalProperties`: the operation has no such field.
         *
         *     These are Latchkey's own:
         *
         *     - `unknown_parameter`: the operation has no such parameter.
         *     - `empty_parameter`: the parameter has no value; leave it out instead.
         *     - `repeated_parameter`: the parameter is given more than once.
         *     - `well_formed`: the text contains U+0000 or an unpaired surrogate, which cannot be stored.
         *     - `cursor`: the cursor belongs to another list, or is combined with `page`.
         *     - `password_common`: the password is one of the most common ones.
         *     - `password_contains_email`: the password contains the local part of the e-mail address.
         *     - `password_contains_name`: the password contains the full name.
         *     - `mixed_scripts`: a word of the name, the local part of the address or a label of its domain has letters of scripts that are not
         *       written together.
         *     - `taken`: another user has this value.
         * @example password_common
         */
        ViolationRule: "required" | "type" | "enum" | "minLength" | "maxLength" | "minimum" | "maximum" | "minProperties" | "pattern" | "format" | "additionalProperties" | "unknown_parameter" | "empty_parameter" | "repeated_parameter" | "well_formed" | "cursor" | "password_common" | "password_contains_email" | "password_contains_name" | "mixed_scripts" | "taken";
    };
    responses: {
        /** @description The password is right, but the account is deactivated. */
        AccountDisabled: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is invalid. */
        BadRequest: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is invalid, or its body is not JSON. */
        BadRequestBody: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is invalid, or the password is not acceptable. */
        BadRequestPassword: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than 100 KB. */
        ContentTooLarge: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The e-mail address is taken, or the idempotency key was used for another request. */
        CreateConflict: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The user's role does not allow this. */
        Forbidden: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed unexpectedly. The failure is logged under the request id. */
        InternalServerError: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The e-mail address or password is wrong; the response does not say which. */
        InvalidCredentials: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The refresh token is unknown, expired or already used, or its session has ended. */
        InvalidRefreshToken: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The change would leave the service without an active administrator. */
        LastAdmin: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such user. */
        NotFound: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server cannot handle requests: a check failed, or it is about to stop. */
        NotReady: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The user has changed since the ETag in `If-Match` was read. */
        PreconditionFailed: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is invalid. */
        ProbeBadRequest: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed unexpectedly. The failure is logged under the request id. */
        ProbeInternalServerError: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something the server depends on, such as its database, is temporarily unavailable. */
        ServiceUnavailable: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The client has exceeded a rate limit. */
        TooManyRequests: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The access token is missing or not valid. */
        Unauthorized: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not `application/json` in UTF-8. */
        UnsupportedMediaType: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description Only what this user did.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        ActorFilter: components["schemas"]["UserId"];
        /**
         * @description The `next_cursor` of the previous response. As fast at any depth. Keep all other parameters unchanged; it cannot be combined with
         *     `page`.
         */
        Cursor: string;
        /** @description The `next_cursor` of the previous response. As fast at any depth. Keep all other parameters unchanged. */
        EventCursor: string;
        /**
         * @description Only events of this type. A type that this server does not know matches none.
         * @example session.started
         */
        EventTypeFilter: components["schemas"]["AuditEventType"];
        /**
         * @description Only what happened at this moment or later.
         * @example 2026-01-01T00:00:00Z
         */
        From: components["schemas"]["Instant"];
        /**
         * @description A key chosen by the client that nobody can guess, such as a UUID. For 24 hours, repeating a request with the same key and body returns
         *     the first response again instead of creating a second user; the same key with a different body gets 409. Keys are private to each
         *     caller. Only responses that created something are kept, and no longer than the user.
         * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
         */
        IdempotencyKey: string;
        /**
         * @description The `etag` of the user version you are changing. If the user has changed since, the response is 412 and nothing changes.
         *     Anything other than a list of entity tags gets 400.
         * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
         */
        IfMatch: string;
        /**
         * @description Only active users, who may sign in (`true`), or only deactivated ones (`false`).
         * @example true
         */
        IsActiveFilter: boolean;
        /**
         * @description The maximum number of items to return.
         * @example 20
         */
        Limit: number;
        /**
         * @description Only what succeeded, or only what failed.
         * @example success
         */
        OutcomeFilter: components["schemas"]["AuditOutcome"];
        /**
         * @description The page to return, starting at 1, the default. Cannot be combined with `cursor`.
         * @example 1
         */
        Page: number;
        /**
         * @description The `id` of the user.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        PathUserId: components["schemas"]["UserId"];
        /**
         * @description Only users with this role.
         * @example user
         */
        RoleFilter: components["schemas"]["Role"];
        /**
         * @description Only users whose e-mail address or full name contains this text, ignoring case and Unicode composition. International domains match in
         *     either spelling, but only by whole labels: `bücher.example` finds `xn--bcher-kva.example`.
         * @example ada
         */
        Search: string;
        /**
         * @description The field to sort by. Ties are broken by id.
         * @example created_at
         */
        SortBy: components["schemas"]["UserSortField"];
        /**
         * @description The sort direction.
         * @example desc
         */
        SortOrder: components["schemas"]["SortDirection"];
        /**
         * @description Only what is about this user, who may be deleted.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        SubjectFilter: components["schemas"]["UserId"];
        /**
         * @description Only what happened before this moment.
         * @example 2026-02-01T00:00:00Z
         */
        To: components["schemas"]["Instant"];
    };
    requestBodies: never;
    headers: {
        /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
        "Access-Control-Allow-Origin": string;
        /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
        ETag: components["schemas"]["EntityTag"];
        /** @description `true` if this response is a replay for an earlier request with the same `Idempotency-Key`. */
        "Idempotency-Replayed": string;
        /** @description The path of the new user. */
        Location: string;
        /** @description What remains of each rate limit (IETF RateLimit header fields). */
        RateLimit: string;
        /** @description The rate limits that apply (IETF RateLimit header fields). */
        "RateLimit-Policy": string;
        /** @description How many seconds to wait before retrying. */
        "Retry-After": number;
        /**
         * @description How to authenticate (RFC 6750). Includes `error="invalid_token"` if a token was sent that is not valid, and
         *     `error="insufficient_user_authentication"` with `max_age` in seconds if the password must be entered again (RFC 9470).
         */
        "WWW-Authenticate": string;
        /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAuditEvents: {
        parameters: {
            query: {
                /**
                 * @description Only what this user did.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                actor_id?: components["parameters"]["ActorFilter"];
                /** @description The `next_cursor` of the previous response. As fast at any depth. Keep all other parameters unchanged. */
                cursor?: components["parameters"]["EventCursor"];
                /**
                 * @description Only what happened at this moment or later.
                 * @example 2026-01-01T00:00:00Z
                 */
                from?: components["parameters"]["From"];
                /**
                 * @description The maximum number of items to return.
                 * @example 20
                 */
                limit: components["parameters"]["Limit"];
                /**
                 * @description Only what succeeded, or only what failed.
                 * @example success
                 */
                outcome?: components["parameters"]["OutcomeFilter"];
                /**
                 * @description Only what happened before this moment.
                 * @example 2026-02-01T00:00:00Z
                 */
                to?: components["parameters"]["To"];
                /**
                 * @description Only events of this type. A type that this server does not know matches none.
                 * @example session.started
                 */
                type?: components["parameters"]["EventTypeFilter"];
                /**
                 * @description Only what is about this user, who may be deleted.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id?: components["parameters"]["SubjectFilter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, the newest first. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listOwnEvents: {
        parameters: {
            query: {
                /** @description The `next_cursor` of the previous response. As fast at any depth. Keep all other parameters unchanged. */
                cursor?: components["parameters"]["EventCursor"];
                /**
                 * @description Only what happened at this moment or later.
                 * @example 2026-01-01T00:00:00Z
                 */
                from?: components["parameters"]["From"];
                /**
                 * @description The maximum number of items to return.
                 * @example 20
                 */
                limit: components["parameters"]["Limit"];
                /**
                 * @description Only what succeeded, or only what failed.
                 * @example success
                 */
                outcome?: components["parameters"]["OutcomeFilter"];
                /**
                 * @description Only what happened before this moment.
                 * @example 2026-02-01T00:00:00Z
                 */
                to?: components["parameters"]["To"];
                /**
                 * @description Only events of this type. A type that this server does not know matches none.
                 * @example session.started
                 */
                type?: components["parameters"]["EventTypeFilter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, the newest first. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The e-mail address and password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description The session has started. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            401: components["responses"]["InvalidCredentials"];
            403: components["responses"]["AccountDisabled"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    updateCurrentUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the user version you are changing. If the user has changed since, the response is 412 and nothing changes.
                 *     Anything other than a list of entity tags gets 400.
                 * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChanges"];
            };
        };
        responses: {
            /** @description The updated account. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            401: components["responses"]["Unauthorized"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The refresh token from the latest response. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshGrant"];
            };
        };
        responses: {
            /** @description New tokens for the session. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            401: components["responses"]["InvalidRefreshToken"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    registerUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A key chosen by the client that nobody can guess, such as a UUID. For 24 hours, repeating a request with the same key and body returns
                 *     the first response again instead of creating a second user; the same key with a different body gets 409. Keys are private to each
                 *     caller. Only responses that created something are kept, and no longer than the user.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The account to create. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description The account was created. */
            201: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description `true` if this response is a replay for an earlier request with the same `Idempotency-Key`. */
                    "Idempotency-Replayed"?: string;
                    /** @description The path of the new user. */
                    Location: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequestPassword"];
            409: components["responses"]["CreateConflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["ProbeBadRequest"];
            500: components["responses"]["ProbeInternalServerError"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server can handle requests. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["ProbeBadRequest"];
            500: components["responses"]["ProbeInternalServerError"];
            503: components["responses"]["NotReady"];
        };
    };
    listUsers: {
        parameters: {
            query: {
                /**
                 * @description The `next_cursor` of the previous response. As fast at any depth. Keep all other parameters unchanged; it cannot be combined with
                 *     `page`.
                 */
                cursor?: components["parameters"]["Cursor"];
                /**
                 * @description Only active users, who may sign in (`true`), or only deactivated ones (`false`).
                 * @example true
                 */
                is_active?: components["parameters"]["IsActiveFilter"];
                /**
                 * @description The maximum number of items to return.
                 * @example 20
                 */
                limit: components["parameters"]["Limit"];
                /**
                 * @description The page to return, starting at 1, the default. Cannot be combined with `cursor`.
                 * @example 1
                 */
                page?: components["parameters"]["Page"];
                /**
                 * @description Only users with this role.
                 * @example user
                 */
                role?: components["parameters"]["RoleFilter"];
                /**
                 * @description Only users whose e-mail address or full name contains this text, ignoring case and Unicode composition. International domains match in
                 *     either spelling, but only by whole labels: `bücher.example` finds `xn--bcher-kva.example`.
                 * @example ada
                 */
                search?: components["parameters"]["Search"];
                /**
                 * @description The field to sort by. Ties are broken by id.
                 * @example created_at
                 */
                sort_by: components["parameters"]["SortBy"];
                /**
                 * @description The sort direction.
                 * @example desc
                 */
                sort_order: components["parameters"]["SortOrder"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A key chosen by the client that nobody can guess, such as a UUID. For 24 hours, repeating a request with the same key and body returns
                 *     the first response again instead of creating a second user; the same key with a different body gets 409. Keys are private to each
                 *     caller. Only responses that created something are kept, and no longer than the user.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The user to create. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description The user was created. */
            201: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description `true` if this response is a replay for an earlier request with the same `Idempotency-Key`. */
                    "Idempotency-Replayed"?: string;
                    /** @description The path of the new user. */
                    Location: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequestPassword"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["CreateConflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The `id` of the user.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id: components["parameters"]["PathUserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the user version you are changing. If the user has changed since, the response is 412 and nothing changes.
                 *     Anything other than a list of entity tags gets 400.
                 * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The `id` of the user.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id: components["parameters"]["PathUserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user was deleted. */
            204: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastAdmin"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the user version you are changing. If the user has changed since, the response is 412 and nothing changes.
                 *     Anything other than a list of entity tags gets 400.
                 * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The `id` of the user.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id: components["parameters"]["PathUserId"];
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description The updated user. */
            200: {
                headers: {
                    /** @description The request's origin, if the operator allows it. Otherwise the header is absent and browsers withhold the response. */
                    "Access-Control-Allow-Origin"?: string;
                    /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A compressing proxy may turn it into a weak tag, which never matches. */
                    ETag: components["schemas"]["EntityTag"];
                    /** @description What remains of each rate limit (IETF RateLimit header fields). */
                    RateLimit?: string;
                    /** @description The rate limits that apply (IETF RateLimit header fields). */
                    "RateLimit-Policy"?: string;
                    /** @description The id of this request: the one the client sent, if well formed (1 to 128 of `A-Z a-z 0-9 . _ -`), or a generated one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastAdmin"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
