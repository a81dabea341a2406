import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import type { Method } from '../../support/client.ts';
import { contract } from '../../support/contract.ts';
import { registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';
import { nobodysId } from '../../support/ids.ts';

const known = 'https://app.example.com';

describe('outside the operations', () => {
  const app = useApp({ env: { CORS_ORIGINS: `${known},https://admin.example.com` } });
  const get = (path: string, headers: Record<string, string> = {}) => app.sendOutside('get', path, { headers });

  describe('the documents', () => {
    it('/openapi.json has an ETag and is readable from any origin', async () => {
      const { status, headers } = await get('/openapi.json');

      expect(status).to.equal(200);
      expect(headers['etag']).to.match(/^"[\w-]{22}-gzip"$/);
      expect(headers['access-control-allow-origin']).to.equal('*');
    });

    for (const path of ['/openapi.json', '/docs']) {
      it(`${path} answers 304 to its ETag and 200 to another`, async () => {
        const { headers } = await get(path);

        const again = await get(path, { 'If-None-Match': headers['etag'] ?? '' });

        expect([again.status, again.bytes.length]).to.deep.equal([304, 0]);
        expect((await get(path, { 'If-None-Match': '"another"' })).status).to.equal(200);
      });
    }

    it('/docs allows only its own scripts', async () => {
      const { status, headers, bytes } = await get('/docs');

      const scripts = [...bytes.toString().matchAll(/<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g)].map(
        ([, text]) => text!,
      );
      const policy = new Map(
        headers['content-security-policy']!.split('; ').map((line) => {
          const [name = '', ...sources] = line.split(' ');
          return [name, sources];
        }),
      );
      expect(status).to.equal(200);
      expect(headers['content-type']).to.equal('text/html; charset=utf-8');
      expect(scripts).not.to.be.empty;
      expect(policy.get('script-src')).to.have.members(
        [...new Set(scripts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`),
      );
      expect(policy.get('default-src')).to.deep.equal(["'none'"]);
    });

    for (const [path, page] of [
      ['/docs/', '/docs'],
      ['/docs/try/', '/docs/try'],
    ] as const) {
      it(`${path} leads to ${page}`, async () => {
        const { status, headers } = await get(path);

        expect([status, headers['location']]).to.deep.equal([302, page]);
        expect((await get(page)).status).to.equal(200);
      });
    }
  });

  describe("what doesn't exist", () => {
    for (const path of [
      '/nowhere',
      '/api',
      '/api/v1',
      '/api/v1/nowhere',
      '/api/v2/health',
      '/health',
      '/docs/x',
      '/api/v1/health/',
      '/api/v1/users/',
      `/api/v1/users/${nobodysId}/`,
      '/api/v1/HEALTH',
      '/API/v1/health',
      '/api/v1//health',
      '/openapi.json/',
      '/DOCS',
    ]) {
      it(`${path} answers 404`, async () => {
        expectProblem(await get(path), 404, 'not_found');
      });
    }

    it("a path or query that can't be decoded answers 400", async () => {
      expectProblem(await get('/api/v1/users/%E0%A4%A'), 400, 'malformed_request');
      expectProblem(await get('/api/v1/users?search=%ff'), 400, 'malformed_request');
      expectProblem(await get('/%zz'), 400, 'malformed_request');
    });

    for (const [path, methods, allow] of [
      ['/api/v1/health', ['options', 'put', 'post', 'delete'], 'GET, HEAD'],
      ['/api/v1/auth/me', ['options', 'put'], 'DELETE, GET, HEAD, PATCH'],
      ['/api/v1/auth/login', ['get', 'head', 'options', 'put'], 'POST'],
      ['/api/v1/users', ['options', 'put', 'patch'], 'GET, HEAD, POST'],
      [`/api/v1/users/${nobodysId}`, ['options', 'put', 'post'], 'DELETE, GET, HEAD, PATCH'],
      ['/', ['post'], 'GET, HEAD'],
      ['/docs', ['options', 'post', 'put'], 'GET, HEAD'],
      ['/docs/try', ['delete'], 'GET, HEAD'],
      ['/openapi.json', ['patch'], 'GET, HEAD'],
      ['/problems/not_found', ['post'], 'GET, HEAD'],
    ] as [string, Method[], string][]) {
      for (const method of methods) {
        it(`${method.toUpperCase()} ${path} answers 405 with Allow: ${allow}`, async () => {
          const answer = await app.sendOutside(method, path);

          if (method === 'head') expect([answer.status, answer.bytes.length]).to.deep.equal([405, 0]);
          else expectProblem(answer, 405, 'method_not_allowed');
          expect(answer.headers['allow']).to.equal(allow);
        });
      }
    }
  });

  describe('across origins', () => {
    const preflight = (origin: string, path = '/users') =>
      app.send('options', path, {
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'if-match',
        },
      });

    for (const origin of [known, 'https://admin.example.com']) {
      it(`a page of ${origin} may read answers`, async () => {
        const { status, headers } = await app.send('get', '/health', { headers: { Origin: origin } });

        expect(status).to.equal(200);
        expect(headers['access-control-allow-origin']).to.equal(origin);
        expect(headers['vary']).to.include('Origin');
        expect(headers['access-control-expose-headers']?.split(',')).to.include.members(['ETag', 'X-Request-Id']);
        expect(headers['access-control-allow-credentials']).to.equal('true');
      });
    }

    it('a page of an allowed origin may read problems too', async () => {
      const answer = await app.send('get', '/users', { headers: { Origin: known } });

      expectProblem(answer, 401, 'authentication_required');
      expect(answer.headers['access-control-allow-origin']).to.equal(known);
    });

    it('a preflight of an allowed origin answers 204 with what is allowed', async () => {
      const { status, headers, bytes } = await preflight(known);

      expect([status, bytes.length]).to.deep.equal([204, 0]);
      expect(headers['access-control-allow-origin']).to.equal(known);
      expect(headers['access-control-allow-methods']?.split(',')).to.have.members([
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
      ]);
      expect(headers['access-control-allow-headers']?.split(',')).to.include.members([
        'Authorization',
        'Content-Type',
        'X-Request-Id',
        'traceparent',
        'tracestate',
      ]);
    });

    it('a page may send and read every header in the contract', async () => {
      const { headers } = await preflight(known);
      const { headers: plain } = await app.send('get', '/health', { headers: { Origin: known } });

      const { parameters, headers: reused } = contract.components as unknown as {
        parameters: Record<string, { name: string; in: string }>;
        headers: object;
      };
      const sent = Object.values(parameters).filter((parameter) => parameter.in === 'header');
      // Names that begin so are variants of other headers; no page may read cookies.
      const read = Object.keys(reused).filter((name) => !/^(Access-Control-|Picture-|Set-Cookie$)/.test(name));
      expect(sent).not.to.be.empty;
      expect(headers['access-control-allow-headers']?.split(',')).to.include.members(sent.map(({ name }) => name));
      expect(plain['access-control-expose-headers']?.split(',')).to.include.members([
        ...read,
        'Cache-Control',
        'Content-Disposition',
      ]);
    });

    for (const origin of [
      'https://evil.example',
      'http://app.example.com',
      `${known}:8443`,
      `${known}.evil.example`,
      'null',
    ]) {
      it(`a page of ${origin} gets no permission`, async () => {
        const [plain, ahead] = [
          await app.send('get', '/health', { headers: { Origin: origin } }),
          await preflight(origin),
        ];

        expect(plain.status).to.equal(200);
        expectProblem(ahead, 405, 'method_not_allowed');
        for (const { headers } of [plain, ahead]) {
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control-allow'))).to.deep.equal([]);
          expect(headers['vary']).to.include('Origin');
        }
      });
    }
  });

  describe('the headers of every answer', () => {
    const answers = {
      'a success': () => app.send('get', '/health'),
      'a problem': () => app.send('get', '/users'),
      'a path that is not there': () => app.sendOutside('get', '/nowhere'),
      'the docs': () => app.sendOutside('get', '/docs'),
      'the contract': () => app.sendOutside('get', '/openapi.json'),
    };
    it('isolate pages from their openers', async () => {
      const { headers } = await app.sendOutside('get', '/docs');

      expect(headers['cross-origin-opener-policy']).to.equal('same-origin');
    });

    for (const [what, ask] of Object.entries(answers)) {
      it(`harden ${what}`, async () => {
        const { headers } = await ask();

        expect(headers).to.include({
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'strict-transport-security': 'max-age=31536000; includeSubDomains',
          'referrer-policy': 'no-referrer',
        });
        expect(headers['content-security-policy']).to.match(/default-src 'none'.*frame-ancestors 'none'/);
        expect(headers['content-security-policy']).not.to.match(/script-src[^;]*'unsafe/);
        expect(headers).not.to.have.property('x-powered-by');
        expect(headers).not.to.have.property('server');
      });
    }

    for (const id of ['a', 'order-4711.retry_2', 'x'.repeat(128)]) {
      it(`keep the request id ${id.slice(0, 20)}`, async () => {
        const { headers, body } = await get('/nowhere', { 'X-Request-Id': id });

        expect(headers['x-request-id']).to.equal(id);
        expect(body.instance).to.equal(`urn:latchkey:request:${id}`);
      });
    }

    for (const id of ['two words', 'a"b', 'x'.repeat(129), '<script>', 'a/b']) {
      it(`replace the request id ${id.slice(0, 20)}`, async () => {
        const { headers } = await get('/nowhere', { 'X-Request-Id': id });

        expect(headers['x-request-id']).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      });
    }

    it('and its body name no host that a request makes up', async () => {
      const forged = {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Server': 'evil.example',
        'X-Host': 'evil.example',
        'X-Original-Host': 'evil.example',
        Forwarded: 'host=evil.example;proto=https',
      };
      for (const path of [
        '/',
        '/docs/',
        '/docs',
        '/docs/try',
        '/openapi.json',
        '/openapi.yaml',
        '/nowhere',
        '/api/v1/users',
      ]) {
        const { headers, bytes } = await get(path, forged);

        expect(JSON.stringify(headers) + bytes.toString(), path).not.to.include('evil');
      }
      const { headers, bytes } = await app.send('post', '/auth/register', { json: registration(), headers: forged });
      expect(headers).to.have.property('location');
      expect(JSON.stringify(headers) + bytes.toString()).not.to.include('evil');
    });

    it('give each request an id of its own', async () => {
      const ids = [await get('/nowhere'), await get('/nowhere')].map(({ headers }) => headers['x-request-id']);

      expect(ids[0]).not.to.equal(ids[1]);
    });
  });
});
