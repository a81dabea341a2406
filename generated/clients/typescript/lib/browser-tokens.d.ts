import { type TokenStore } from './tokens.js';
/** How tokens are kept in a browser. */
export interface BrowserTokenStoreOptions {
    /** The name in `localStorage`; clients of different services on one origin need different ones. */
    readonly name?: string;
}
/**
 * Keeps tokens in `localStorage`, where all tabs of the origin find them, across reloads. Tabs renew one at a time and hear of each
 * other. Where the browser forbids storage, the tokens live as long as the page. Throws outside of a browser.
 */
export declare function browserTokenStore({ name }?: BrowserTokenStoreOptions): TokenStore;
