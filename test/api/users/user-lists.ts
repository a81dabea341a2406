import { useApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';

export type Query = Record<string, string | number | boolean>;

/** A server for the suite, and a moderator who lists its users. */
export function useUserLists() {
  const app = useApp();
  let token = '';
  before('sign in a moderator', async () => {
    token = (await app.signIn('moderator')).accessToken;
  });
  return {
    app,
    list: (query: Query = {}) => app.send('get', '/users', { token, query }),
    /** Lists users with a raw query string. */
    listBy: (query: string) => app.send('get', `/users?${query}`, { token }),
  };
}

export function idsOf({ body }: Answer): string[] {
  return (body.items as { id: string }[]).map(({ id }) => id);
}
