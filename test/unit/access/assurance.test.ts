import { expect } from 'chai';
import { createAssurance } from '../../../src/access/assurance.ts';
import type { AnyPrincipal } from '../../../src/access/principal.ts';
import type { AccessPolicy } from '../../../src/access/security.ts';
import { codeOf } from '../platform/failures.ts';
import { aPrincipal, aRequest, pass } from './authenticating.ts';

const scheme = { challenge: 'Bearer realm="latchkey"', authenticate: async () => 'missing' as const };
const access = [{ scheme: 'bearerAuth', leastRole: 'admin' }] as const;
const onlyFor = { role: ['moderator', 'admin'], is_active: 'any' } as const;

/** Sends a body whose sender proved who they are this many seconds ago; returns the headers, or throws the refusal. */
async function send(
  body: object,
  seconds: number,
  policy: Partial<Pick<AccessPolicy, 'access' | 'assurance'>> = {},
  headers = {},
) {
  const check = createAssurance({ bearerAuth: scheme });
  const principal: AnyPrincipal = { ...aPrincipal(), authenticatedAt: new Date(Date.now() - seconds * 1000) };
  const request = Object.assign(aRequest(), { principal, body });
  await pass(check({ access, assurance: { maxAgeSeconds: 600, onlyFor }, ...policy }), request, headers);
}

describe('assurance that depends on the body', () => {
  for (const body of [{ role: 'admin' }, { role: 'moderator', full_name: 'Ada' }, { is_active: false }]) {
    it(`is asked for ${JSON.stringify(body)}, and met by a recent authentication`, async () => {
      const headers: Record<string, unknown> = {};

      expect(await codeOf(() => send(body, 601, {}, headers))).to.equal('insufficient_user_authentication');
      expect(headers['WWW-Authenticate']).to.deep.equal([
        'Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Prove again who you are, by password or by passkey", max_age="600"',
      ]);
      await send(body, 598);
    });
  }

  it('asks whoever has proved two factors for two again', async () => {
    const headers: Record<string, unknown> = {};
    const [check] = createAssurance({ bearerAuth: scheme })({ access, assurance: { maxAgeSeconds: 600, onlyFor } });
    const principal: AnyPrincipal = { ...aPrincipal(), acr: 'urn:latchkey:acr:2', authenticatedAt: new Date(0) };
    const request = Object.assign(aRequest(), { principal, body: { role: 'admin' } });

    expect(await codeOf(() => pass([check!], request, headers))).to.equal('insufficient_user_authentication');
    expect(headers['WWW-Authenticate']).to.deep.equal([
      'Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Prove again who you are, by password and second factor or by passkey", max_age="600", acr_values="urn:latchkey:acr:2"',
    ]);
  });

  for (const body of [{}, { full_name: 'admin' }, { role: 'user' }, { other: { role: 'admin' } }]) {
    it(`is not asked for ${JSON.stringify(body)}`, () => send(body, 601));
  }

  it('adds no check to operations that always or never ask for it', async () => {
    await send({ role: 'admin' }, 601, { assurance: null });
    await send({ role: 'admin' }, 601, { assurance: { maxAgeSeconds: 600 } });
  });

  it('is asked of a request without a principal', async () => {
    const [check] = createAssurance({ bearerAuth: scheme })({ access, assurance: { maxAgeSeconds: 600, onlyFor } });
    const request = Object.assign(aRequest(), { body: { role: 'user' } });

    expect(await codeOf(() => pass([check!], request))).to.equal('insufficient_user_authentication');
  });
});
