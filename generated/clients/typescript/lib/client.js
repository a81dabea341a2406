import createFetchClient, {} from 'openapi-fetch';
import { basePath, operations } from "./contract.js";
import { ProblemError, toError } from "./problems.js";
import { randomKey } from "./random.js";
import { Session, toTokens } from "./session.js";
import { memoryTokenStore } from "./tokens.js";
import { createTransport } from "./transport.js";
/** Makes a client. It sends nothing until it is asked to. */
export function createClient(options) {
    const { baseUrl, tokens: store = memoryTokenStore(), retry = {}, onSignedOut } = options;
    // A browser's fetch works only as a function of the window.
    const fetch = options.fetch ?? ((request) => globalThis.fetch(request));
    const transport = createTransport({ fetch, retry, session: () => session });
    const http = createFetchClient({ baseUrl: baseUrl.replace(/\/+$/, '') + basePath, fetch: transport });
    const { login, logout, refreshTokens, ...others } = createOperations(http);
    const exchange = (refresh_token) => refreshTokens({ body: { refresh_token } });
    const session = new Session({ store, exchange, onSignedOut });
    return {
        ...others,
        http,
        async signIn(email, password, callOptions = {}) {
            const sentAt = Date.now();
            const pair = await login({ body: { email, password }, ...callOptions });
            await session.keep(toTokens(pair, sentAt, randomKey()));
        },
        async signOut(callOptions = {}) {
            try {
                if (await store.get())
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
        async *eachUser({ query = {}, ...callOptions } = {}) {
            let page = await others.listUsers({ query: { limit: 100, ...query }, ...callOptions });
            yield* page.items;
            while (page.next_cursor !== null) {
                page = await others.listUsers({ query: { limit: 100, ...query, cursor: page.next_cursor }, ...callOptions });
                yield* page.items;
            }
        },
    };
}
function createOperations(http) {
    const request = http.request;
    const call = (id) => async ({ body, signal, ...params } = {}) => {
        const { method, path } = operations[id];
        const init = { params, ...(body !== undefined && { body }), ...(signal && { signal }) };
        const { data, error, response } = await request(method, path, init);
        if (!response.ok)
            throw toError(error, response);
        return data;
    };
    const ids = Object.keys(operations);
    return Object.fromEntries(ids.map((id) => [id, call(id)]));
}
