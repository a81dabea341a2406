import { expect } from 'chai';
import { pino } from 'pino';
import { startApp, useApp } from '../../support/app.ts';

describe('a page of an unknown origin', () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const app = useApp({ env: { CORS_ORIGINS: 'https://app.example.com', LOG_LEVEL: 'info' }, log });
  const said = () =>
    lines.map((line) => JSON.parse(line) as { msg: string; origin?: string }).filter(({ origin }) => origin);
  const visit = (origin: string, headers: Record<string, string> = {}) =>
    app.send('get', '/health', { headers: { Origin: origin, ...headers } });

  beforeEach(() => {
    lines.length = 0;
  });

  it('is logged once, with the setting that would allow it', async () => {
    for (let times = 0; times < 3; times++) await visit('http://localhost:5173');

    expect(said()).to.have.length(1);
    expect(said()[0]).to.include({
      msg: "pages of this origin can't read responses of the API: CORS_ORIGINS=https://app.example.com,http://localhost:5173 allows it",
      origin: 'http://localhost:5173',
    });
  });

  it('is logged for its preflight too', async () => {
    const headers = { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST' };

    await app.send('options', '/auth/login', { headers });

    expect(said()[0]?.msg).to.include('CORS_ORIGINS=https://app.example.com,http://localhost:3000 ');
  });

  it('is logged when no origin is allowed', async () => {
    const strict = await startApp(app.databaseUrl, { log });
    try {
      await strict.send('get', '/health', { headers: { Origin: 'http://localhost:8080' } });
    } finally {
      await strict.stop();
    }

    expect(said()[0]?.msg).to.include(': CORS_ORIGINS=http://localhost:8080 allows it');
  });

  it('with a null origin, such as a file, is logged with what it needs first', async () => {
    await visit('null');

    expect(said()[0]?.msg).to.match(/serve them by http:.*CORS_ORIGINS$/);
  });

  for (const [what, origin, headers] of [
    ['that is known', 'https://app.example.com', {}],
    ["of the server's own", 'http://latchkey.internal:8000', { Host: 'latchkey.internal:8000' }],
    ["of the server's own behind TLS", 'https://accounts.internal', { Host: 'accounts.internal' }],
    ['of PUBLIC_URL', 'https://latchkey.test', {}],
    ['that is none', 'https://a.example/path\nx', {}],
    ['without end', `https://${'a'.repeat(5000)}.example`, {}],
  ] as [string, string, Record<string, string>][]) {
    it(`isn't logged, ${what}`, async () => {
      await visit(origin.replace('\n', ' '), headers);

      expect(said()).to.deep.equal([]);
    });
  }

  it("isn't logged if it asks for what is no part of the API", async () => {
    await app.sendOutside('get', '/openapi.json', { headers: { Origin: 'http://localhost:5173' } });

    expect(said()).to.deep.equal([]);
  });

  it('is logged for only some of many', async () => {
    for (let number = 0; number < 40; number++) await visit(`https://made-up-${number}.example`);

    expect(said().length).to.be.within(1, 20);
  });
});
