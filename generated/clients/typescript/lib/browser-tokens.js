import { randomKey } from "./random.js";
import { memoryTokenStore } from "./tokens.js";
import { pause } from "./waiting.js";
/**
 * Keeps tokens in `localStorage`, where all tabs of the origin find them, across reloads. Tabs renew one at a time and hear of each
 * other. Where the browser forbids storage, the tokens live as long as the page. Throws outside of a browser.
 */
export function browserTokenStore({ name = 'latchkey' } = {}) {
    const { window } = globalThis;
    if (!window) {
        throw new Error('browserTokenStore needs a browser; on a server, make a client with its own store for each request.');
    }
    const storage = findStorage(window);
    if (!storage)
        return memoryTokenStore();
    return {
        get: () => parse(storage.getItem(name)),
        set(tokens) {
            if (tokens)
                storage.setItem(name, JSON.stringify(tokens));
            else
                storage.removeItem(name);
        },
        lock(work) {
            // Only pages that came over https, or from this machine, have locks.
            const { locks } = window.navigator;
            if (!locks)
                return withClaim(storage, `${name}.lock`, work);
            return locks.request(name, async () => {
                await pause(settleSeconds);
                return work();
            });
        },
        watch(listener) {
            // The browser tells the other tabs, not this one; the key is null when all was cleared.
            window.addEventListener('storage', ({ key, storageArea }) => {
                if (storageArea === storage && (key === name || key === null))
                    listener();
            });
        },
    };
}
function findStorage(window) {
    try {
        return window.localStorage;
    }
    catch {
        return undefined;
    }
}
function parse(text) {
    try {
        const tokens = JSON.parse(text ?? 'null');
        return tokens?.refreshToken ? tokens : undefined;
    }
    catch {
        return undefined;
    }
}
const claimSeconds = 15;
// What one tab writes the others see a little later, even after a lock: a used refresh token that was read then would end the session.
const settleSeconds = 0.1;
/**
 * A lock of `localStorage` alone, which can't compare and set: who still stands in it after the others' writes have arrived has it.
 * A tab that was closed in the middle stands in the way until its claim ends.
 */
async function withClaim(storage, name, work) {
    const owner = randomKey();
    const holder = () => /^(\w+) (\d+)$/.exec(storage.getItem(name) ?? '');
    const isFree = (claim) => !claim || Number(claim[2]) < Date.now();
    while (holder()?.[1] !== owner) {
        if (isFree(holder()))
            storage.setItem(name, `${owner} ${Date.now() + claimSeconds * 1000}`);
        await pause(settleSeconds);
    }
    try {
        return await work();
    }
    finally {
        if (holder()?.[1] === owner)
            storage.removeItem(name);
    }
}
