import { expect } from 'chai';
import { createBreachedPasswords } from '../../../src/features/passwords/breached-passwords.ts';
import { paddingFor, useBreachServer } from '../../support/breach-server.ts';

describe('the search for a password in known breaches', () => {
  const server = useBreachServer();
  const password = 'seven green kites';

  /** The search, and what it recorded and logged. */
  function given(url = server.url) {
    const outcomes: string[] = [];
    const lines: object[] = [];
    const isBreached = createBreachedPasswords({
      url,
      record: (outcome) => void outcomes.push(outcome),
      log: { warn: (line: object) => void lines.push(line) },
    });
    return { isBreached, outcomes, lines };
  }

  it('finds one that is known, and no other', async () => {
    server.breached.add(password);
    const { isBreached, outcomes, lines } = given();

    expect([await isBreached(password), await isBreached('eight green kites')]).to.deep.equal([true, false]);
    expect(outcomes).to.deep.equal(['breached', 'clear']);
    expect(lines).to.deep.equal([]);
  });

  it('finds it in any compatible spelling', async () => {
    server.breached.add('zo\u00eb, 7 kites');

    expect(await given().isBreached('ｚｏe\u0308, ７ kites')).to.equal(true);
  });

  it('sends only five digits of a hash, and asks for padding', async () => {
    await given().isBreached(password);

    const [{ url, headers }] = server.asked as [(typeof server.asked)[0]];
    expect(url).to.match(/^\/range\/[0-9A-F]{5}$/);
    expect(headers).to.include({ 'add-padding': 'true' });
    expect(JSON.stringify(server.asked)).not.to.include('kites');
  });

  it('does not mistake padding for a breach', async () => {
    server.answer((response) => response.end(paddingFor(password)));
    const { isBreached, outcomes } = given();

    expect(await isBreached(password)).to.equal(false);
    expect(outcomes).to.deep.equal(['clear']);
  });

  const failures: [string, Parameters<typeof server.answer>[0], RegExp][] = [
    ['500', (response) => response.writeHead(500).end('no'), /^status 500$/],
    ['429', (response) => response.writeHead(429).end(), /^status 429$/],
    ['a redirection', (response) => response.writeHead(302, { Location: '/elsewhere' }).end(), /redirect/],
    ['nothing', (response) => response.end(), /not a range/],
    ['a page', (response) => response.end('<html>sign in to the hotel</html>'), /not a range/],
    ['lines of another form', (response) => response.end(`${'A'.repeat(40)}:1\r\n`), /not a range/],
    ['bytes', (response) => response.end(Buffer.alloc(3000, 0xff)), /not a range/],
    ['without end', (response) => response.end(Buffer.alloc(3_000_000, 'A')), /too long/],
    [
      'half an answer',
      (response) => void response.writeHead(200, { 'Content-Length': 99 }).write('A', () => response.destroy()),
      /./,
    ],
  ];
  for (const [what, answer, reason] of failures) {
    it(`accepts any password when the service answers ${what}, and says so`, async () => {
      server.breached.add(password);
      server.answer(answer);
      const { isBreached, outcomes, lines } = given();

      expect(await isBreached(password)).to.equal(false);
      expect(outcomes).to.deep.equal(['failed']);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.have.property('event', 'breached_passwords_failed');
      expect((lines[0] as { reason: string }).reason).to.match(reason);
    });
  }

  for (const [what, answer] of [
    ['is silent', () => {}],
    ['stops in the middle', (response) => void response.writeHead(200).write(paddingFor('another'))],
  ] as [string, Parameters<typeof server.answer>[0]][]) {
    it(`waits a second at most for a service that ${what}`, async () => {
      server.answer(answer);
      const { isBreached, outcomes } = given();
      const started = performance.now();

      expect(await isBreached(password)).to.equal(false);

      expect(performance.now() - started).to.be.within(900, 3000);
      expect(outcomes).to.deep.equal(['failed']);
    });
  }

  it('accepts any password when nobody listens', async () => {
    const { isBreached, outcomes } = given('http://127.0.0.1:1');

    expect(await isBreached(password)).to.equal(false);
    expect(outcomes).to.deep.equal(['failed']);
  });
});
