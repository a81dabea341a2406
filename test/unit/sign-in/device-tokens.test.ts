import { expect } from 'chai';
import { createDeviceTokens } from '../../../src/features/sign-in/device-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';

const secret = 'a signing secret for tests only 0123456789';
const newer = 'another signing secret for tests 9876543210';
const vera = { id: '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e12', credentialsVersion: 1 };

describe('device tokens', () => {
  const tokens = createDeviceTokens(deriveKeys([secret]).ring('devices'));

  it('name a device, whichever token of it is sent', () => {
    const token = tokens.issue(vera);
    const device = tokens.read(token, vera);

    expect(token).to.match(/^lkd_[\w-]{64}$/);
    expect(device).to.match(/^[\w-]{22}$/);
    expect(tokens.read(tokens.issue(vera, device), vera)).to.equal(device);
  });

  it('name a new device each time', () => {
    expect(tokens.read(tokens.issue(vera), vera)).not.to.equal(tokens.read(tokens.issue(vera), vera));
  });

  it('are unknown to other users, after a change of credentials, and for nobody', () => {
    const token = tokens.issue(vera);

    for (const owner of [{ ...vera, id: 'another user' }, { ...vera, credentialsVersion: 2 }, undefined]) {
      expect(tokens.read(token, owner)).to.equal(undefined);
    }
  });

  it('are unknown if anything about them was changed', () => {
    const token = tokens.issue(vera);
    const changed = Array.from(token, (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return token.slice(0, index) + other + token.slice(index + 1);
    });

    for (const each of [...changed, token.slice(0, -1), token.slice(0, 10), 'lkd_', '', undefined]) {
      expect(tokens.read(each, vera), each).to.equal(undefined);
    }
  });

  it('survive a rotation of secrets', () => {
    const rotated = createDeviceTokens(deriveKeys([newer, secret]).ring('devices'));
    const token = tokens.issue(vera);

    expect(rotated.read(token, vera)).to.equal(tokens.read(token, vera));
    expect(tokens.read(rotated.issue(vera), vera)).to.equal(undefined);
  });
});
