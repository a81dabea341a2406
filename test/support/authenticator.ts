/** An authenticator in software, which also does what no browser would let a real one do. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { components } from '../../generated/openapi.ts';

type Wire = components['schemas'];

/** What an authenticator claims, or gets wrong. */
export interface Claims {
  /** What its key is for: ES256 unless it says RS256. */
  readonly algorithm?: 'ES256' | 'RS256';
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** The page around the frame. */
  readonly topOrigin?: string;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly isBackedUp?: boolean;
  /** How often it says that it was used. */
  readonly signCount?: number;
  readonly userHandle?: string;
  readonly challenge?: string;
  /** Has a byte of what was signed changed afterwards. */
  readonly isForged?: boolean;
}

/** A credential that an authenticator keeps. */
export interface Credential {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly userHandle: string;
  signCount: number;
}

const base64url = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');

/** Makes a credential as `navigator.credentials.create` does, and what is sent of it. */
export function makeCredential(
  options: Wire['PublicKeyCredentialCreationOptions'],
  claims: Claims = {},
): { readonly credential: Credential; readonly json: Wire['RegistrationCredential'] } {
  const { algorithm = 'ES256' } = claims;
  const { privateKey, publicKey } = keys[algorithm].generate();
  const signCount = claims.signCount ?? 1;
  const credential = { id: randomBytes(16), privateKey, userHandle: options.user.id, signCount };
  const rpId = claims.rpId ?? options.rp.id;
  const attested = Buffer.concat([
    randomBytes(16),
    uint16(credential.id.length),
    credential.id,
    keys[algorithm].cose(publicKey),
  ]);
  const authData = Buffer.concat([authenticatorData(rpId, { ...claims, signCount }, 0x40), attested]);
  const attestationObject = Buffer.concat([
    Buffer.from([0xa3]),
    ...[text('fmt'), text('none')],
    ...[text('attStmt'), Buffer.from([0xa0])],
    ...[text('authData'), bytes(authData)],
  ]);
  return {
    credential,
    json: {
      id: base64url(credential.id),
      rawId: base64url(credential.id),
      type: 'public-key',
      response: {
        clientDataJSON: clientData('webauthn.create', options.challenge, rpId, claims),
        attestationObject: base64url(attestationObject),
        transports: ['internal', 'hybrid'],
      },
    },
  };
}

/** Signs a challenge as `navigator.credentials.get` does. */
export function answer(
  options: Wire['PublicKeyCredentialRequestOptions'],
  credential: Credential,
  claims: Claims = {},
): Wire['AuthenticationCredential'] {
  credential.signCount += 1;
  const signCount = claims.signCount ?? credential.signCount;
  const rpId = claims.rpId ?? options.rpId;
  const data = authenticatorData(rpId, { ...claims, signCount });
  const clientDataJSON = clientData('webauthn.get', options.challenge, rpId, claims);
  const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
  const signature = sign('sha256', Buffer.concat([data, hash]), credential.privateKey);
  if (claims.isForged) data.writeUInt8(data.readUInt8(36) + 1, 36);
  return {
    id: base64url(credential.id),
    rawId: base64url(credential.id),
    type: 'public-key',
    response: {
      clientDataJSON,
      authenticatorData: base64url(data),
      signature: base64url(signature),
      userHandle: claims.userHandle ?? credential.userHandle,
    },
  };
}

function clientData(type: string, challenge: string, rpId: string, claims: Claims): string {
  const { origin = `https://${rpId}`, crossOrigin = false } = claims;
  const { topOrigin } = claims;
  const data = { type: claims.type ?? type, challenge: claims.challenge ?? challenge, origin, crossOrigin, topOrigin };
  return base64url(JSON.stringify(data));
}

// WebAuthn, section 6.1: the domain's hash, flags and the counter.
function authenticatorData(rpId: string, claims: Claims, moreFlags = 0): Buffer {
  const present = claims.isUserPresent === false ? 0 : 0x01;
  const verified = claims.isUserVerified === false ? 0 : 0x04;
  const backedUp = claims.isBackedUp ? 0x18 : 0;
  const head = Buffer.from([present | verified | backedUp | moreFlags]);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(claims.signCount ?? 0);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), head, counter]);
}

// CBOR (RFC 8949), as far as authenticators need it: a map for each kind of key (RFC 9053, section 7.1.1, and RFC 8230, section 4).
const keys = {
  ES256: {
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose(publicKey: KeyObject): Buffer {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const [xs, ys] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
      return Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), xs, Buffer.from('225820', 'hex'), ys]);
    },
  },
  RS256: {
    generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose(publicKey: KeyObject): Buffer {
      const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
      const [modulus, exponent] = [bytes(Buffer.from(n, 'base64url')), bytes(Buffer.from(e, 'base64url'))];
      return Buffer.concat([Buffer.from('a401030339010020', 'hex'), modulus, Buffer.from('21', 'hex'), exponent]);
    },
  },
};

const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
const bytes = (value: Buffer) => Buffer.concat([lengthOf(value), value]);

// As few bytes as do (section 4.2.1), which those who read keys rely on.
function lengthOf({ length }: Buffer): Buffer {
  if (length < 24) return Buffer.from([0x40 + length]);
  return length < 256 ? Buffer.from([0x58, length]) : Buffer.concat([Buffer.from([0x59]), uint16(length)]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
