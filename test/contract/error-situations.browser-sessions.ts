import type { TestApp } from '../support/app.ts';
import { byCookie, cookieHeader, cookieOf, withCookies } from '../support/browser-sessions.ts';
import type { Answer } from '../support/client.ts';
import { newPerson } from '../support/people.ts';

const fromElsewhere = { ...byCookie, Origin: 'https://elsewhere.example' };

/** What goes wrong with browser sessions, by `<response>: <example>`. */
export function browserSessionSituations(app: TestApp): Record<string, () => Promise<Answer>> {
  return {
    'BrowserSessionEnded: invalid_refresh_token': () =>
      app.send('post', '/auth/browser-session', { headers: byCookie }),
    async 'BrowserSessionEnded: refresh_token_reused'() {
      const goOn = (cookies: string) => app.send('post', '/auth/browser-session', withCookies(cookies));
      const first = cookieOf(await app.signIn('user'));
      await goOn(cookieHeader(await goOn(first)));
      return goOn(first);
    },
    'OriginNotAllowed: origin_not_allowed': () =>
      app.send('delete', '/auth/browser-session', { headers: fromElsewhere }),
    'LoginRefused: origin_not_allowed': () =>
      app.send('post', '/auth/login', { json: newPerson(), headers: fromElsewhere }),
    'CodeLoginRefused: origin_not_allowed': () =>
      app.send('post', '/auth/email-codes/login', { json: { email: newPerson().email }, headers: fromElsewhere }),
    async 'ReauthenticationRefused: origin_not_allowed'() {
      const { accessToken: token, password } = await app.signIn('user');
      return app.send('post', '/auth/reauthenticate', { token, json: { password }, headers: fromElsewhere });
    },
  };
}
