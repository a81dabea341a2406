import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';

/** Whose device it is. A change of credentials makes all devices of the user unknown. */
export interface DeviceOwner {
  readonly id: string;
  readonly credentialsVersion: number;
}

/**
 * Tokens by which a device that signed in before is recognised (OWASP, "device cookies"). They prove nothing else: whoever has one only gets
 * a separate count of failures.
 */
export interface DeviceTokens {
  /** A token of the device, or of a new one. */
  issue(owner: DeviceOwner, device?: string): string;
  /** The device, if the token belongs to this owner; takes as long without an owner. */
  read(token: string | undefined, owner: DeviceOwner | undefined): string | undefined;
}

const prefix = 'lkd_';
const deviceBytes = 16;
const nobody: DeviceOwner = { id: '', credentialsVersion: 0 };

export function createDeviceTokens(keys: KeyRing): DeviceTokens {
  const sign = (key: KeyObject, { id, credentialsVersion }: DeviceOwner, device: Buffer) =>
    createHmac('sha256', key)
      .update(JSON.stringify([id, credentialsVersion, device.toString('base64url')]))
      .digest();
  return {
    issue(owner, known) {
      const device = known === undefined ? randomBytes(deviceBytes) : Buffer.from(known, 'base64url');
      return prefix + Buffer.concat([device, sign(keys[0], owner, device)]).toString('base64url');
    },

    read(token, owner = nobody) {
      if (!token?.startsWith(prefix)) return undefined;
      const bytes = Buffer.from(token.slice(prefix.length), 'base64url');
      const [device, signature] = [bytes.subarray(0, deviceBytes), bytes.subarray(deviceBytes)];
      const isOurs = keys.some((key) => {
        const expected = sign(key, owner, device);
        return expected.length === signature.length && timingSafeEqual(expected, signature);
      });
      return isOurs && owner !== nobody ? device.toString('base64url') : undefined;
    },
  };
}
