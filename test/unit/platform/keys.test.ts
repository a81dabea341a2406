import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { deriveKeys } from '../../../src/platform/keys.ts';

const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const other = 'mH6tZ1sWqYv4NxB8KcRj0LpDf3GaEo29';
const hex = (key: { export(): Buffer }) => key.export().toString('hex');
/** All keys derived from the secrets, in hexadecimal. */
function keysOf(...secrets: string[]): string[] {
  const { accessTokens, ring } = deriveKeys(secrets);
  return [...accessTokens.map(({ key }) => key), ...ring('cursors'), ...ring('idempotency')].map(hex);
}

describe('keys', () => {
  it('are derived deterministically, so that signatures stay valid', () => {
    expect(keysOf(secret, other)).to.deep.equal(keysOf(secret, other));
    expect(deriveKeys([secret]).accessTokens[0].id).to.equal(deriveKeys([secret]).accessTokens[0].id);
  });

  it('differ for each purpose', () => {
    expect(new Set(keysOf(secret)).size).to.equal(3);
  });

  it('differ for each secret', () => {
    expect(new Set([...keysOf(secret), ...keysOf(other)]).size).to.equal(6);
  });

  it('keep the order of the secrets, the first for signing', () => {
    const [first, second] = deriveKeys([secret, other]).accessTokens;

    expect(first.id).to.equal(deriveKeys([secret]).accessTokens[0].id);
    expect(second?.id).to.equal(deriveKeys([other]).accessTokens[0].id);
  });

  it('have ids that reveal neither the secret nor its hash', () => {
    const [{ id }] = deriveKeys([secret]).accessTokens;

    expect(id).to.match(/^[\w-]{8}$/);
    expect(secret).not.to.include(id);
    expect(createHash('sha256').update(secret).digest('base64url')).not.to.include(id);
  });

  it('need at least one secret', () => {
    expect(() => deriveKeys([])).to.throw('no signing secret');
  });
});
