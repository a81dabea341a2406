import { expect } from 'chai';
import type { Request, RequestHandler, Response } from 'express';
import { createRateLimits } from '../../../src/http/rate-limit.ts';
import { createClientCounter } from '../../../src/platform/limits/client-counter.ts';
import { codeOf, refusalOf } from '../platform/failures.ts';

/** A response that only records headers. */
function response() {
  const headers = new Map<string, unknown>();
  const stub = {
    getHeader: (name: string) => headers.get(name),
    setHeader: (name: string, value: unknown) => headers.set(name, value),
  } as unknown as Response;
  return { stub, headers };
}

/** Sends a client's request through the checks; returns the response headers. */
async function send(clientIp: string, ...checks: RequestHandler[]): Promise<Map<string, unknown>> {
  const { stub, headers } = response();
  for (const check of checks) {
    const passed: unknown[] = [];
    await check({ clientIp } as unknown as Request, stub, () => passed.push(check));
    if (passed.length === 0) throw new Error('the check neither threw nor went on');
  }
  return headers;
}

const limits = () =>
  createRateLimits({
    standard: createClientCounter('standard', { requests: 2, windowSeconds: 60 }),
    credentials: createClientCounter('credentials', { requests: 1, windowSeconds: 30 }),
  });

describe('rate limits', () => {
  it('admit exactly as many requests as configured', async () => {
    const { standard } = limits();

    await send('192.0.2.1', standard);
    await send('192.0.2.1', standard);

    expect(await codeOf(() => send('192.0.2.1', standard))).to.equal('rate_limited');
  });

  it('count each client separately', async () => {
    const { credentials } = limits();
    await send('192.0.2.1', credentials);

    await send('192.0.2.2', credentials);

    expect(await codeOf(() => send('192.0.2.1', credentials))).to.equal('rate_limited');
  });

  it('count each policy separately', async () => {
    const { standard, credentials } = limits();
    await send('192.0.2.1', credentials);

    await send('192.0.2.1', standard);

    expect(await codeOf(() => send('192.0.2.1', credentials))).to.equal('rate_limited');
  });

  it('report what is left and when it resets', async () => {
    const { standard } = limits();

    const first = await send('192.0.2.1', standard);
    const second = await send('192.0.2.1', standard);

    expect(first.get('RateLimit-Policy')).to.equal('"standard";q=2;w=60');
    expect(first.get('RateLimit')).to.match(/^"standard";r=1;t=(60|59)$/);
    expect(second.get('RateLimit')).to.match(/^"standard";r=0;t=(60|59)$/);
  });

  it('report both policies when two apply', async () => {
    const { standard, credentials } = limits();

    const headers = await send('192.0.2.1', standard, credentials);

    expect(headers.get('RateLimit-Policy')).to.equal('"standard";q=2;w=60, "credentials";q=1;w=30');
    expect(headers.get('RateLimit')).to.match(/^"standard";r=1;t=\d+, "credentials";r=0;t=\d+$/);
  });

  it('report when to retry and which limit was hit', async () => {
    const { credentials } = limits();
    await send('192.0.2.1', credentials);

    const refusal = await refusalOf(() => send('192.0.2.1', credentials));

    expect(refusal.retryAfterSeconds).to.be.within(29, 30);
    expect(refusal.detail).to.include('credentials');
  });

  it('admit everything without headers when off', async () => {
    const { standard } = createRateLimits({ standard: undefined, credentials: undefined });

    for (let count = 0; count < 5; count += 1) {
      const headers = await send('192.0.2.1', standard);

      expect(headers.size).to.equal(0);
    }
  });

  it('count clients without an address as one', async () => {
    const { credentials } = limits();
    await send('', credentials);

    expect(await codeOf(() => send('', credentials))).to.equal('rate_limited');
  });

  it('give an IPv6 /48 16 times the limit of one client', async () => {
    const { credentials } = limits();
    for (let network = 1; network <= 16; network++) await send(`2001:db8:1:${network}::1`, credentials);

    expect(await codeOf(() => send('2001:db8:1:17::1', credentials))).to.equal('rate_limited');
    await send('2001:db8:2:17::1', credentials);
  });

  it("don't charge refused requests to the neighbours in a /48", async () => {
    const { credentials } = limits();
    await send('2001:db8:1:1::1', credentials);
    for (let again = 0; again < 50; again++) {
      expect(await codeOf(() => send('2001:db8:1:1::1', credentials))).to.equal('rate_limited');
    }

    for (let network = 2; network <= 16; network++) await send(`2001:db8:1:${network}::1`, credentials);
  });

  it('report what is left of a /48 when that is less', async () => {
    const { standard } = limits();
    for (let network = 1; network <= 15; network++) {
      await send(`2001:db8:1:${network}::1`, standard);
      await send(`2001:db8:1:${network}::2`, standard);
    }
    await send('2001:db8:1:16::1', standard);

    expect((await send('2001:db8:1:17::1', standard)).get('RateLimit')).to.match(/^"standard";r=0;/);
  });

  it('count the addresses of one IPv6 network as one client', async () => {
    const { credentials } = limits();
    await send('2001:db8:1:2::1', credentials);

    expect(await codeOf(() => send('2001:db8:1:2:ffff::2', credentials))).to.equal('rate_limited');
  });
});
