import { createAuthorizedFetch } from "./authorized-fetch.js";
import { basePath, operations } from "./contract.js";
import { ProblemError } from "./problems.js";
import { randomKey } from "./random.js";
import { Session, toTokens } from "./session.js";
import { memoryTokenStore } from "./tokens.js";
import { createTransport } from "./transport.js";
/** Makes a client. It sends nothing until it is asked to. */
export function createClient(options) {
    const { baseUrl, tokens: store = memoryTokenStore(), retry = {}, onSignedOut } = options;
    // A browser's fetch works only as a function of the window.
    const fetch = options.fetch ?? ((request, init) => globalThis.fetch(request, init));
    const transport = createTransport({ fetch, retry, session: () => session });
    const { login, logout, refreshTokens, ...others } = createOperations(baseUrl, transport);
    const exchange = (refresh_token) => refreshTokens({ refresh_token });
    const session = new Session({ store, exchange, onSignedOut });
    return {
        ...others,
        fetch: createAuthorizedFetch(fetch, session, options.apiOrigins ?? pageOrigin()),
        onChange: (listener) => session.onChange(listener),
        isSignedIn: async () => (await session.read()) !== undefined,
        getAccessToken: async ({ signal } = {}) => (await session.tokens(signal))?.accessToken,
        async signIn(email, password, callOptions) {
            const sentAt = Date.now();
            const pair = await login({ email, password }, callOptions);
            await session.keep(toTokens(pair, sentAt, randomKey()));
        },
        async signOut(callOptions) {
            try {
                if (await session.read())
                    await logout(callOptions);
            }
            catch (error) {
                const isOver = error instanceof ProblemError && error.status === 401;
                if (!isOver)
                    throw error;
            }
            finally {
                await session.keep(undefined);
            }
        },
        async *eachUser(query = {}, callOptions) {
            let page = await others.listUsers({ limit: 100, ...query }, callOptions);
            yield* page.items;
            while (page.next_cursor !== null) {
                page = await others.listUsers({ limit: 100, ...query, cursor: page.next_cursor }, callOptions);
                yield* page.items;
            }
        },
    };
}
function pageOrigin() {
    const { location } = globalThis;
    return location?.origin?.startsWith('http') ? [location.origin] : [];
}
/** Each operation as a function: of the parameters of its path, its body, its query and options, as far as it has them. */
function createOperations(baseUrl, send) {
    const place = baseUrl.replace(/\/+$/, '');
    const base = place.endsWith(basePath) ? place : place + basePath;
    const call = (id) => async (...given) => {
        const { path, takesBody, takesQuery } = operations[id];
        const url = base + path.replaceAll(/\{(\w+)\}/g, (_, name) => segment(given.shift(), name));
        const body = takesBody ? JSON.stringify(given.shift()) : undefined;
        const query = takesQuery ? toQuery(given.shift()) : '';
        const { signal, ifMatch, idempotencyKey } = (given.shift() ?? {});
        const headers = {
            Accept: 'application/json, application/problem+json',
            ...(body !== undefined && { 'Content-Type': 'application/json' }),
            ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
            ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
        };
        return send({ id, url: url + query, headers, ...(body !== undefined && { body }), signal });
    };
    const ids = Object.keys(operations);
    return Object.fromEntries(ids.map((id) => [id, call(id)]));
}
// An empty segment and a dot would lead to another path.
function segment(value, name) {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (/^\.{0,2}$/.test(text))
        throw new TypeError(`${name} is missing`);
    return encodeURIComponent(text);
}
function toQuery(given) {
    const pairs = Object.entries((given ?? {})).filter(([, value]) => value !== undefined);
    const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
    return text.length > 0 ? `?${text.join('&')}` : '';
}
