/** What pages of other sites may try with a victim's cookies, sent as browsers send it: nothing starts, continues or ends a session. */
import { expect } from 'chai';
import { request } from '../../contract/raw.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { byCookie, cookieOf } from '../../support/browser-sessions.ts';
import { expectProblem } from '../../support/problems.ts';

const listed = 'https://app.latchkey.test';
const transport = 'Session-Transport: cookie';

describe('a request for a browser session', () => {
  const app = useApp({ env: { CORS_ORIGINS: listed } });
  let ada: SignedIn;
  let cookie: string;

  beforeEach('sign Ada in', async () => {
    ada = await app.signIn();
    cookie = `Cookie: ${cookieOf(ada)}`;
  });

  /** Whether the session can still be used, and nobody else has continued it. */
  async function expectUntouched(): Promise<void> {
    expect((await app.send('get', '/auth/me', { token: ada.accessToken })).status).to.equal(200);
    const { pool } = app.context.database;
    expect(await pool('sessions').where({ user_id: ada.id }).select('generation', 'ended_at')).to.deep.equal([
      { generation: 0, ended_at: null },
    ]);
  }

  const path = '/api/v1/auth/browser-session';
  const form = 'Content-Type: application/x-www-form-urlencoded';
  const attempts: Record<string, readonly [line: string, headers: string[], body: string, status: number]> = {
    'a form of another site': [`POST ${path}`, ['Origin: https://evil.example', form], 'a=b', 400],
    'a form that overrides the method': [
      `POST ${path}?_method=DELETE`,
      ['Origin: https://evil.example', form],
      '',
      400,
    ],
    'a form of a sandboxed frame': [`POST ${path}`, ['Origin: null', 'Content-Type: text/plain'], 'a=b', 400],
    'a form whose origin a proxy removed': [`POST ${path}`, [form], 'Session-Transport=cookie', 400],
    'fetch without a preflight, which can add no such header': [
      `POST ${path}`,
      ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Accept: cookie'],
      '',
      400,
    ],
    'a beacon': [
      `POST ${path}`,
      ['Origin: https://evil.example', 'Content-Type: text/plain', 'Sec-Fetch-Dest: empty'],
      'x',
      400,
    ],
    'another origin that has the header all the same': [
      `POST ${path}`,
      [transport, 'Origin: https://evil.example'],
      '',
      403,
    ],
    'a null origin with the header': [`POST ${path}`, [transport, 'Origin: null'], '', 403],
    'a subdomain that is not listed': [`POST ${path}`, [transport, 'Origin: https://evil.latchkey.test'], '', 403],
    'a subdomain that says so': [
      `POST ${path}`,
      [transport, 'Origin: https://evil.latchkey.test', 'Sec-Fetch-Site: same-site'],
      '',
      403,
    ],
    'the same host over http': [`POST ${path}`, [transport, 'Origin: http://latchkey.test'], '', 403],
    'the same host on another port': [`POST ${path}`, [transport, 'Origin: https://latchkey.test:8443'], '', 403],
    'an origin that begins as ours': [
      `POST ${path}`,
      [transport, 'Origin: https://latchkey.test.evil.example'],
      '',
      403,
    ],
    'a listed origin, from another site': [
      `POST ${path}`,
      [transport, `Origin: ${listed}`, 'Sec-Fetch-Site: cross-site'],
      '',
      403,
    ],
    'two origins': [`POST ${path}`, [transport, `Origin: ${listed}`, 'Origin: https://evil.example'], '', 403],
    'signing out from elsewhere': [`DELETE ${path}`, [transport, 'Origin: https://evil.example'], '', 403],
    'signing out by a method override': [`GET ${path}`, [transport, 'X-HTTP-Method-Override: DELETE'], '', 405],
  };
  for (const [what, [line, headers, body, status]] of Object.entries(attempts)) {
    it(`is refused: ${what}`, async () => {
      const length = body === '' ? [] : [`Content-Length: ${body.length}`];

      const answer = await request(app, line, [...headers, ...length, cookie], body);

      expect(answer.status).to.equal(status);
      expect(answer.headers).not.to.have.property('set-cookie');
      await expectUntouched();
    });
  }

  it('is refused before the password is looked at, so that nobody is signed in as somebody else', async () => {
    const json = { email: ada.email, password: ada.password };
    for (const path of ['/auth/login', '/auth/email-codes/login', '/auth/passkeys/login', '/auth/challenge']) {
      const headers = { ...byCookie, Origin: 'https://evil.example' };
      expectProblem(await app.send('post', path, { json, headers }), 403, 'origin_not_allowed');
    }
    const { password, accessToken: token } = ada;
    const headers = { ...byCookie, Origin: 'https://evil.example' };
    expectProblem(
      await app.send('post', '/auth/reauthenticate', { token, json: { password }, headers }),
      403,
      'origin_not_allowed',
    );
  });

  const allowed: Record<string, Record<string, string>> = {
    'pages of the server': { Origin: 'https://latchkey.test', 'Sec-Fetch-Site': 'same-origin' },
    'its pages in browsers without Fetch Metadata': { Origin: 'https://latchkey.test' },
    'a listed origin of the same site': { Origin: listed, 'Sec-Fetch-Site': 'same-site' },
    'pages of a host that passes the API on': { Origin: 'https://www.example.com', 'Sec-Fetch-Site': 'same-origin' },
    'programs, which have no origin': {},
  };
  for (const [what, headers] of Object.entries(allowed)) {
    it(`is answered for ${what}`, async () => {
      const answer = await app.send('post', '/auth/browser-session', {
        headers: { ...byCookie, ...headers, Cookie: cookieOf(ada) },
      });
      expect(answer.status).to.equal(200);
    });
  }

  describe('and CORS', () => {
    const preflight = (origin: string) =>
      app.sendOutside('options', path, {
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'session-transport',
        },
      });

    it('lets listed origins send the header and cookies, by their exact name', async () => {
      const { status, headers } = await preflight(listed);

      expect(status).to.equal(204);
      expect(headers).to.include({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
      });
      expect(headers['access-control-allow-headers']!.split(',')).to.include('Session-Transport');
      expect(headers['vary']).to.match(/\bOrigin\b/);
    });

    it('shows them the response', async () => {
      const { headers } = await app.send('post', '/auth/browser-session', {
        headers: { ...byCookie, Origin: listed, Cookie: cookieOf(ada) },
      });

      expect(headers).to.include({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
      });
      expect(headers['access-control-expose-headers']).not.to.match(/set-cookie/i);
    });

    it('lets nobody else', async () => {
      for (const origin of ['https://evil.example', 'null', 'https://evil.latchkey.test', `${listed}.evil.example`]) {
        const { status, headers } = await preflight(origin);
        expect([origin, status]).to.deep.equal([origin, 405]);
        expect(headers).not.to.include.any.keys('access-control-allow-origin', 'access-control-allow-credentials');
      }
    });
  });
});
