/* Made by `npm run generate` from openapi/. Do not edit. */
export interface paths {
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
         * @description Starts a session and returns its tokens. An unknown address and a wrong password get the same response in the same time;
         *     only the right password reveals that an account is deactivated.
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
         * @description Ends the session that the access token belongs to. Its tokens stop working at once, everywhere.
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
         * @description Returns the user whom the access token belongs to.
         */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update your account
         * @description Updates what people may change in their own account. If nothing changes, `etag` and `updated_at` stay the same.
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
         * @description Returns new tokens for the same session. The refresh token that was sent stops working; sending it again ends the session,
         *     so send one refresh at a time.
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
         * @description Creates an account with the role `user`, which can sign in at once. An `Idempotency-Key` belongs to the address; its response is
         *     replayed to whoever sends the same password, and anybody else is told that the address is taken.
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
         * Check health
         * @description For liveness probes: it answers for as long as the process runs, whatever the state of the database. It is never rate limited.
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
         * @description For readiness probes: it checks what requests need, the database and its migrations, and answers 503 once the server is about to stop.
         *     It is never rate limited.
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
         * @description Lists users, by page or by cursor. Every filter narrows the list.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Creates a user with any role, who can sign in at once.
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
                 * @description The user's `id`, as in the items of `GET /users`.
                 * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
                 */
                user_id: components["parameters"]["PathUserId"];
            };
            cookie?: never;
        };
        /**
         * Get a user
         * @description Returns a user. Users may read their own account whatever their role.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Deletes a user, the user's sessions and the responses kept for an `Idempotency-Key`. The e-mail address can be
         *     registered again.
         *     The last active administrator can't be deleted.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Update a user
         * @description Updates a user's name, role or whether the user may sign in. A lower role or deactivation ends all sessions of the user.
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
         * @description How a check went, `ok` in a 200. New words may be added; treat an unknown one as a hint for people.
         * @example ok
         */
        CheckResult: "ok" | (string & {});
        /**
         * @description What a person signs in with.
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
         * @description An e-mail address, whose local part may have letters of any script (RFC 6531). It is normalised before it is checked and stored:
         *     surrounding white space is dropped, compatibility characters become their plain form (NFKC), letters become lower case and an
         *     international domain becomes its ASCII form (UTS 46). Two addresses that are equal after that are one address. What stands after the
         *     `@` is a domain name and nothing else: no port, path or address, and no character that the ASCII form would leave out.
         *     Of what RFC 5322 allows, it takes no quoted local part, no comment, no address literal (`ada@[192.0.2.1]`) and no domain of a single
         *     label (`ada@localhost`); the local part has at most 64 octets.
         *     The local part has no character that can't be seen (controls, spaces, `Default_Ignorable_Code_Point`, U+2800), none that is unassigned
         *     or for private use, and does not begin with a combining mark, so that no address looks like somebody else's. Lengths are those of the
         *     normalised form.
         * @example ada@example.com
         */
        EmailAddress: string;
        /**
         * @description A strong entity tag (RFC 9110): opaque, quotes included. It names this version of this user and nobody else's, and changes with
         *     each change of the user. Send it as it is, as `If-Match`.
         * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
         */
        EntityTag: string;
        /**
         * @description A person's name as they write it, on one line. It is normalised before it is checked and stored: spaces around it are dropped and its
         *     characters composed (NFC), so that its length is that of the composed name. At least one character can be seen. Controls, line and
         *     paragraph separators, controls of direction (such as U+202E) and characters that leave no trace (such as U+200B, U+3164 and those of
         *     `Default_Ignorable_Code_Point` beyond U+FFFF) are refused. Joiners and variation selectors are not: Persian, Indic, Mongolian and
         *     Japanese names need them.
         * @example Ada Lovelace
         */
        FullName: string;
        /**
         * @description That the process runs.
         * @example {
         *       "status": "healthy",
         *       "version": "0.1.0"
         *     }
         */
        Health: {
            status: components["schemas"]["HealthStatus"];
            /**
             * @description The version of the running server.
             * @example 0.1.0
             */
            version: string;
        };
        /**
         * @description How the process is, `healthy` in a 200. New words may be added; the HTTP status decides.
         * @example healthy
         */
        HealthStatus: "healthy" | (string & {});
        /**
         * @description A user that an administrator makes.
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
         * @description 8 to 128 characters, counted as Unicode code points. Any character will do but U+0000 and halves of surrogate pairs, and there are
         *     no rules of composition. It is refused when it is one of about 50,000 common passwords, or when it holds, in any case and however composed, the local
         *     part of the e-mail address or the full name, with or without its spaces; of these, one of fewer than 3 characters does not count.
         * @example correct horse battery staple
         */
        Password: string;
        /** @description A problem document (RFC 9457). Decide by `code`; show `detail` to people; give `instance` to support. */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /**
             * @description What went wrong this time, and what would help.
             * @example The request breaks a rule of the contract; see errors.
             */
            detail: string;
            /** @description What is wrong with the request, where a part of it is meant: with `validation_failed` always, with `email_taken` the address. */
            errors?: components["schemas"]["Violation"][];
            /**
             * Format: uri
             * @description This occurrence, which names the request by the id in `X-Request-Id`.
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
             * @description A page that explains the code.
             * @example https://accounts.example.com/problems/validation_failed
             */
            type: string;
        };
        /**
         * @description What went wrong, in a word that never changes its meaning; the guide explains each. New words may be added; treat an unknown one
         *     by its status.
         * @example validation_failed
         */
        ProblemCode: "account_disabled" | "authentication_required" | "content_too_large" | "email_taken" | "forbidden" | "idempotency_key_reused" | "internal_error" | "invalid_credentials" | "invalid_refresh_token" | "invalid_token" | "last_admin" | "malformed_request" | "method_not_allowed" | "not_found" | "not_ready" | "precondition_failed" | "rate_limited" | "service_unavailable" | "unsupported_media_type" | "validation_failed" | (string & {});
        /**
         * @description What people may change of their own account.
         * @example {
         *       "full_name": "Ada King"
         *     }
         */
        ProfileChanges: {
            full_name?: components["schemas"]["FullName"];
        };
        /**
         * @description That the server can answer requests.
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
         * @description What the server needs to answer requests, and how each was found.
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
         * @description Whether requests can be answered, `ready` in a 200. New words may be added; the HTTP status decides.
         * @example ready
         */
        ReadinessStatus: "ready" | (string & {});
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
         * @description An opaque secret that is exchanged for new tokens once. Using one a second time ends its session,
         *     since one of the two users must be a thief.
         * @example lkr_9Yt0oVYyXbMZx0Hq2wqL3p1rXb6mC5zqkq0d3y8F4uE
         */
        RefreshToken: string;
        /**
         * @description What a person gives to get an account.
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
         * @description A role that a user can be given, or a list be filtered by. Each holds the ones before it, `user`, `moderator`, `admin`.
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
             * @description How many seconds the access token lives.
             * @example 900
             */
            expires_in: number;
            refresh_token: components["schemas"]["RefreshToken"];
            token_type: components["schemas"]["TokenType"];
        };
        /**
         * @description The scheme of `Authorization` to send the access token with, `Bearer` (RFC 6750). New words may be added; a client that does not know one cannot use the token.
         * @example Bearer
         */
        TokenType: "Bearer" | (string & {});
        /**
         * @description A user, as every operation shows it. It never holds a password or anything made of one.
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
             * @description The person's name, composed (NFC) and without spaces around it.
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
         * @description What an administrator may change of a user. A lower role, or `is_active: false`, ends all sessions of the user.
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
         * @description A user's id, a version 7 UUID, so that ids sort by age. Answers write it in small letters; in a request, capitals mean the same, and
         *     other spellings of a UUID (in braces, without dashes) are refused.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        UserId: string;
        /**
         * @description A part of the list of users. Read by `page`, it counts the whole list; read by `cursor`, it does not,
         *     so `total`, `page` and `total_pages` are null.
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
            /** @description The users of this part, in the order asked for. */
            items: components["schemas"]["User"][];
            /**
             * Format: int32
             * @description How many users a page holds at the most.
             * @example 20
             */
            limit: number;
            /**
             * @description Send it as `cursor` to continue after the last item; null at the end of the list.
             * @example null
             */
            next_cursor: string | null;
            /**
             * Format: int32
             * @description The number of this page, from 1.
             * @example 1
             */
            page: number | null;
            /**
             * Format: int32
             * @description How many users match.
             * @example 1
             */
            total: number | null;
            /**
             * Format: int32
             * @description How many pages there are.
             * @example 1
             */
            total_pages: number | null;
        };
        /**
         * @description What a user may do: `user`, `moderator` or `admin`, each holding the ones before it. New roles may be added; treat an unknown one
         *     as `user`.
         * @example user
         */
        UserRole: "user" | "moderator" | "admin" | (string & {});
        /**
         * @description A field that users can be sorted by.
         * @example created_at
         * @enum {string}
         */
        UserSortField: "created_at" | "updated_at" | "email" | "full_name";
        /**
         * @description One thing that is wrong with a request. `limit`, `allowed` and `expected` are there where `rule` says so, for clients that write
         *     the message themselves.
         * @example {
         *       "pointer": "/body/password",
         *       "message": "must have at least 8 characters",
         *       "rule": "minLength",
         *       "limit": 8
         *     }
         */
        Violation: {
            /** @description The values that are allowed. */
            allowed?: string[];
            /**
             * @description The type or the format that the value must have, as the schema names it.
             * @example integer
             */
            expected?: string;
            /**
             * Format: int32
             * @description The bound that the value passes.
             * @example 8
             */
            limit?: number;
            /**
             * @description What is wrong, for a person, to be read after the field's name, as in "password must have at least 8 characters".
             *     It may change; do not parse it.
             * @example must have at least 8 characters
             */
            message: string;
            /**
             * @description A JSON pointer (RFC 6901) into the request, which begins with the part that is meant, `/body`, `/query`, `/path` or `/headers`.
             *     One that would be longer is cut.
             * @example /body/password
             */
            pointer: string;
            rule: components["schemas"]["ViolationRule"];
        };
        /**
         * @description What is wrong, in a word for programs. New words may be added; treat an unknown one by its message.
         *     Those that JSON Schema knows mean what they mean there:
         *
         *     - `required`: the field is missing.
         *     - `type`: the value has another type; `expected` names the right one.
         *     - `enum`: the value is not one of `allowed`.
         *     - `minLength`, `maxLength`: the text has fewer or more characters than `limit`, counted as Unicode code points.
         *     - `minimum`, `maximum`: the number is smaller or greater than `limit`.
         *     - `minProperties`: the object has fewer fields than `limit`.
         *     - `pattern`: the text has a character or a form that the field does not take.
         *     - `format`: the text is not of the format that `expected` names, such as `uuid`.
         *     - `additionalProperties`: the operation has no such field.
         *
         *     The others are Latchkey's own:
         *
         *     - `unknown_parameter`: the operation has no such parameter.
         *     - `empty_parameter`: the parameter is there, but without a value; leave it out instead.
         *     - `repeated_parameter`: the parameter stands there more than once.
         *     - `well_formed`: the text holds what cannot be stored, U+0000 or half of a surrogate pair.
         *     - `cursor`: the cursor is not one of this list, or stands beside `page`.
         *     - `password_common`: the password is one of the most common ones.
         *     - `password_contains_email`: the password contains the local part of the e-mail address.
         *     - `password_contains_name`: the password contains the full name.
         *     - `taken`: another user has this value.
         * @example password_common
         */
        ViolationRule: "required" | "type" | "enum" | "minLength" | "maxLength" | "minimum" | "maximum" | "minProperties" | "pattern" | "format" | "additionalProperties" | "unknown_parameter" | "empty_parameter" | "repeated_parameter" | "well_formed" | "cursor" | "password_common" | "password_contains_email" | "password_contains_name" | "taken" | (string & {});
    };
    responses: {
        /** @description The password is right, but the account may not sign in. */
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
        /** @description The request is not what this document describes. */
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
        /** @description The request is not what this document describes, or its body is not JSON. */
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
        /** @description The request is not what this document describes, or the password is refused. */
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
        /** @description The address belongs to another user, or the idempotency key to another request. */
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
        /** @description Something failed that is not the fault of the request. It is logged under the request id. */
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
        /** @description The address is unknown or the password is wrong; the answer does not tell which. */
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
        /** @description The refresh token is unknown, expired or was used before. */
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
        /** @description The server cannot serve requests now: a check failed, or it is about to stop. */
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
        /** @description Someone changed the user since the ETag in `If-Match` was read. */
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
        /** @description The request is not what this document describes. */
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
        /** @description Something failed that is not the fault of the request. It is logged under the request id. */
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
        /** @description Something that the server needs, such as its database, is unavailable for now. */
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
        /** @description This client sent more requests than a rate limit allows. */
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
        /** @description There is no access token, or it is no longer valid. */
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
         * @description The `next_cursor` of the previous response. It costs the same at any depth. Keep every other parameter as it was;
         *     `page` is refused.
         */
        Cursor: string;
        /**
         * @description A key of the client's own that nobody can guess, such as a UUID. For 24 hours the same key with the same body gets the first response
         *     again instead of a second user; the same key with another body gets 409. The same key from another caller is a different key. Only responses
         *     that created something are kept, and no longer than the user.
         * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
         */
        IdempotencyKey: string;
        /**
         * @description The `etag` of the user that the change is based on. If the user has a different one by now, the response is 412 and nothing changes.
         *     Anything but a list of entity tags gets 400.
         * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
         */
        IfMatch: string;
        /**
         * @description Only users who may sign in (`true`) or may not (`false`).
         * @example true
         */
        IsActiveFilter: boolean;
        /**
         * @description How many items to return at most.
         * @example 20
         */
        Limit: number;
        /**
         * @description The page to read, from 1, which is also the default. Refused together with `cursor`.
         * @example 1
         */
        Page: number;
        /**
         * @description The user's `id`, as in the items of `GET /users`.
         * @example 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11
         */
        PathUserId: components["schemas"]["UserId"];
        /**
         * @description Only users with this role.
         * @example user
         */
        RoleFilter: components["schemas"]["Role"];
        /**
         * @description Only users whose e-mail address or full name contains this text, in any case and however its characters are composed. The domain of
         *     an address is found by its own spelling too, each international label as a whole: `bücher.example` as `xn--bcher-kva.example`.
         * @example ada
         */
        Search: string;
        /**
         * @description What to sort by. Equal values are sorted by id.
         * @example created_at
         */
        SortBy: components["schemas"]["UserSortField"];
        /**
         * @description Which way to sort.
         * @example desc
         */
        SortOrder: components["schemas"]["SortDirection"];
    };
    requestBodies: never;
    headers: {
        /** @description The origin of the request, when it is one that the operator lists. Other origins get none, and browsers keep the answer from them. */
        "Access-Control-Allow-Origin": string;
        /** @description The version of the user, for `If-Match`; the same as `etag` in the body. A proxy that compresses may make it weak, which never matches. */
        ETag: components["schemas"]["EntityTag"];
        /** @description Sent as `true` when this is the response to an earlier request with the same `Idempotency-Key`. */
        "Idempotency-Replayed": string;
        /** @description Where to find the new user. */
        Location: string;
        /** @description What is left of each limit and the seconds until it is full again (IETF RateLimit header fields). */
        RateLimit: string;
        /** @description The limits that apply (IETF RateLimit header fields). */
        "RateLimit-Policy": string;
        /** @description How many seconds to wait before the request is worth repeating. */
        "Retry-After": number;
        /** @description How to authenticate (RFC 6750); has `error="invalid_token"` when a token was sent. */
        "WWW-Authenticate": string;
        /** @description The id of this request, the client's own when it sent a well-formed one (1 to 128 of `A-Z a-z 0-9 . _ -`). */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The address and the password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description The session began. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description The session ended. */
            204: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description The `etag` of the user that the change is based on. If the user has a different one by now, the response is 412 and nothing changes.
                 *     Anything but a list of entity tags gets 400.
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
            /** @description The account was changed. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The refresh token from the last response. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshGrant"];
            };
        };
        responses: {
            /** @description The tokens were renewed. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description A key of the client's own that nobody can guess, such as a UUID. For 24 hours the same key with the same body gets the first response
                 *     again instead of a second user; the same key with another body gets 409. The same key from another caller is a different key. Only responses
                 *     that created something are kept, and no longer than the user.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description Who registers. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description The account was created. */
            201: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description The process runs. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description Requests can be answered. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            query?: {
                /**
                 * @description The `next_cursor` of the previous response. It costs the same at any depth. Keep every other parameter as it was;
                 *     `page` is refused.
                 */
                cursor?: components["parameters"]["Cursor"];
                /**
                 * @description Only users who may sign in (`true`) or may not (`false`).
                 * @example true
                 */
                is_active?: components["parameters"]["IsActiveFilter"];
                /**
                 * @description How many items to return at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The page to read, from 1, which is also the default. Refused together with `cursor`.
                 * @example 1
                 */
                page?: components["parameters"]["Page"];
                /**
                 * @description Only users with this role.
                 * @example user
                 */
                role?: components["parameters"]["RoleFilter"];
                /**
                 * @description Only users whose e-mail address or full name contains this text, in any case and however its characters are composed. The domain of
                 *     an address is found by its own spelling too, each international label as a whole: `bücher.example` as `xn--bcher-kva.example`.
                 * @example ada
                 */
                search?: components["parameters"]["Search"];
                /**
                 * @description What to sort by. Equal values are sorted by id.
                 * @example created_at
                 */
                sort_by?: components["parameters"]["SortBy"];
                /**
                 * @description Which way to sort.
                 * @example desc
                 */
                sort_order?: components["parameters"]["SortOrder"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description A key of the client's own that nobody can guess, such as a UUID. For 24 hours the same key with the same body gets the first response
                 *     again instead of a second user; the same key with another body gets 409. The same key from another caller is a different key. Only responses
                 *     that created something are kept, and no longer than the user.
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
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description The user's `id`, as in the items of `GET /users`.
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
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description The `etag` of the user that the change is based on. If the user has a different one by now, the response is 412 and nothing changes.
                 *     Anything but a list of entity tags gets 400.
                 * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The user's `id`, as in the items of `GET /users`.
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
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description The `etag` of the user that the change is based on. If the user has a different one by now, the response is 412 and nothing changes.
                 *     Anything but a list of entity tags gets 400.
                 * @example "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11.1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The user's `id`, as in the items of `GET /users`.
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
            /** @description The user was changed. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
