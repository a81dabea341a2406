import type { Session } from './session.ts';
import type { Fetch } from './transport.ts';

/** Creates a `fetch` that sends the access token to these origins only, and refreshes it once if it is rejected. */
export function createAuthorizedFetch(
  send: Fetch,
  session: Session,
  origins: readonly string[],
): typeof globalThis.fetch {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return async (input, init) => {
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    if (!allowed.has(origin)) {
      throw new Error(`The access token is not sent to ${origin}; name it in apiOrigins if it is yours.`);
    }
    const attempt = (accessToken: string | undefined) => {
      const copy = request.clone();
      if (accessToken) copy.headers.set('Authorization', `Bearer ${accessToken}`);
      return send(copy);
    };
    const tokens = await session.tokens(request.signal);
    const response = await attempt(tokens?.accessToken);
    if (!tokens || response.status !== 401) return response;
    const renewed = await session.renew(tokens, request.signal);
    if (renewed?.session !== tokens.session) return response;
    await response.body?.cancel();
    return attempt(renewed.accessToken);
  };
}
