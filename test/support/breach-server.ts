/** A service of breached passwords that speaks the protocol of Pwned Passwords, and can misbehave. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

type Answer = (response: ServerResponse) => unknown;

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

/** Gives the suite such a service. Each test finds it well, knowing no password, and asked nothing. */
export function useBreachServer() {
  const breached = new Set<string>();
  const asked: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  let misbehave: Answer | undefined;
  let server: Server;
  let url = '';

  before('start a service of breached passwords', async () => {
    server = createServer((request, response) => {
      asked.push({ url: request.url, headers: request.headers });
      if (misbehave) misbehave(response);
      else response.end(rangeOf(request.url ?? '', breached));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  beforeEach('forget what it knew', () => {
    breached.clear();
    asked.length = 0;
    misbehave = undefined;
  });

  after('stop it', () => {
    server.closeAllConnections();
    server.close();
  });

  return {
    /** The passwords that it knows, as they were typed. */
    breached,
    asked,
    /** Answers this from now on, instead. */
    answer(instead: Answer) {
      misbehave = instead;
    },
    get url() {
      return url;
    },
  };
}

/** What is known under `/range/12345`, among others that nobody has, and padding. */
function rangeOf(path: string, breached: ReadonlySet<string>): string {
  const prefix = path.slice(-5);
  const known = [...breached].map(sha1).filter((digest) => digest.startsWith(prefix));
  const others = Array.from({ length: 800 }, (_, index) => sha1(`${prefix} ${index}`));
  const padding = Array.from({ length: 40 }, (_, index) => `${sha1(`padding ${index}`).slice(5)}:0`);
  return [...[...known, ...others].map((digest) => `${digest.slice(5)}:3`), ...padding].sort().join('\r\n');
}

/** A line of padding for a password: its suffix, and that it was never seen. */
export function paddingFor(password: string): string {
  return `${sha1(password).slice(5)}:0`;
}
