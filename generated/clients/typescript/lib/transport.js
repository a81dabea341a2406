import { operations } from "./contract.js";
import { isProblem, NetworkError, ProblemError, retryAfter, UnexpectedAnswerError } from "./problems.js";
import { randomKey } from "./random.js";
import { pause, until } from "./waiting.js";
/** Makes the function that sends operations: it authenticates, renews tokens and repeats what is safe to repeat. */
export function createTransport({ fetch, retry, session }) {
    const { attempts = 3, maxWaitSeconds = 60 } = retry;
    async function sendPatiently(request, tokens) {
        let left = maxWaitSeconds;
        for (let attempt = 1;; attempt += 1) {
            const answer = await sendOnce(request, tokens, fetch);
            const seconds = retryAfter(answer.response.headers);
            if (attempt >= attempts || seconds === undefined || seconds > left)
                return answer;
            if (!isRepeatable(request, answer.response.status))
                return answer;
            left -= seconds;
            await pause(seconds, request.signal);
        }
    }
    async function sendAuthorized(request) {
        const tokens = await until(session().tokens(request.signal), request.signal);
        const answer = await sendPatiently(request, tokens);
        const isRefused = isProblem(answer.body) && answer.body.code === 'invalid_token';
        if (!tokens || !isRefused)
            return answer;
        const renewed = await session().renew(tokens, request.signal);
        // Somebody else may have signed in meanwhile, for whom this request was not meant.
        return renewed?.session === tokens.session ? sendPatiently(request, renewed) : answer;
    }
    return async (outgoing) => {
        const { secured, takesKey } = operations[outgoing.id];
        const headers = takesKey ? { 'Idempotency-Key': randomKey(), ...outgoing.headers } : outgoing.headers;
        const request = { ...outgoing, headers };
        const { response, body } = await (secured ? sendAuthorized(request) : sendPatiently(request));
        if (response.ok)
            return body;
        throw new ProblemError(body, response);
    };
}
// A 429 was refused before anything happened, but a person who typed something is not left waiting. After a 503 it is not certain that
// nothing happened, so what must not happen twice is left to the caller; a refresh has nothing to lose, since without its answer the
// session is lost anyway.
function isRepeatable({ id, headers }, status) {
    const { method, typed } = operations[id];
    if (status === 429)
        return !typed;
    if (status !== 503 || id === 'getReadiness' || 'If-Match' in headers)
        return false;
    return ['GET', 'PUT', 'DELETE'].includes(method) || 'Idempotency-Key' in headers || id === 'refreshTokens';
}
async function sendOnce(request, tokens, fetch) {
    const { id, url, body: sent, signal } = request;
    const headers = { ...request.headers, ...(tokens && { Authorization: `Bearer ${tokens.accessToken}` }) };
    const init = { method: operations[id].method, headers, ...(sent && { body: sent }), ...(signal && { signal }) };
    const whole = async () => {
        const response = await fetch(url, init);
        return { response, text: await response.text() };
    };
    signal?.throwIfAborted();
    const { response, text } = await until(whole(), signal).catch((error) => {
        throw signal?.aborted ? signal.reason : new NetworkError(error);
    });
    const body = text && isJson(response) ? parse(text) : undefined;
    const isExpected = response.ok ? body !== undefined || text === '' : isProblem(body);
    if (!isExpected)
        throw new UnexpectedAnswerError(url, response, text);
    return { response, body };
}
function isJson({ headers }) {
    return /^application\/(.+\+)?json\b/i.test(headers.get('Content-Type') ?? '');
}
function parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
