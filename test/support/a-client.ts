import type { Client } from '../../src/access/client.ts';

/** What sent a request: Firefox on a Linux computer. */
export function aClient(changes: Partial<Client> = {}): Client {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  return { address: '203.0.113.7', userAgent, requestId: 'request-of-a-test', ...changes };
}
