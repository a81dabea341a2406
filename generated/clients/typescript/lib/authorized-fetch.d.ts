import type { Session } from './session.js';
import type { Fetch } from './transport.js';
/** Makes a `fetch` that sends the access token, and only to these origins; it renews the token once when it is refused. */
export declare function createAuthorizedFetch(send: Fetch, session: Session, origins: readonly string[]): typeof globalThis.fetch;
