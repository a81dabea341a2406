/** Access tokens signed by key pairs, and tokens that try to be verified by the wrong key or algorithm. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createAccessTokenIssuer, createAccessTokenScheme } from '../../../src/access/access-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { parseSigningKeys, publicJwkOf } from '../../../src/platform/signing-keys.ts';
import { aKey, onlyKey } from '../../support/signing-keys.ts';
import { aPrincipal, aRequest, claims, options, secret } from './authenticating.ts';

const now = Date.now();
const hour = 3_600_000;
const text = aKey(new Date(now - hour)) + aKey(new Date(now - 2 * hour), 'RS256') + aKey(new Date(now + hour));
const [es, rs, waiting] = parseSigningKeys(text);
if (!es || !rs || !waiting) throw new Error('three keys were made');
const { accessTokens: keys } = deriveKeys([secret], [es, rs, waiting]);
const issue = createAccessTokenIssuer({ ...options, keys });

type Sign = (data: string) => Buffer;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const [, payload = '', signature = ''] = issue(claims).split('.');

/** The claims of a good token under any header, with any signature. */
function forge(header: object, sign: Sign): string {
  const data = `${encode(header)}.${payload}`;
  return `${data}.${sign(data).toString('base64url')}`;
}

const hmac =
  (shared: Buffer | string): Sign =>
  (data) =>
    createHmac('sha256', shared).update(data).digest();
const ecdsa =
  (key: KeyObject, hash = 'sha256'): Sign =>
  (data) =>
    sign(hash, Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' });
const rsa =
  (key: KeyObject, hash = 'sha256', padding = constants.RSA_PKCS1_PADDING): Sign =>
  (data) =>
    sign(hash, Buffer.from(data), { key, padding });

const ofEs = { alg: 'ES256', typ: 'at+jwt', kid: es.id };
const ofRs = { alg: 'RS256', typ: 'at+jwt', kid: rs.id };
const ofSecret = { alg: 'HS256', typ: 'at+jwt', kid: keys.at(-1)!.id };

async function verdictOn(token: string, accepted = keys) {
  const scheme = createAccessTokenScheme({ ...options, keys: accepted }, async () => aPrincipal());
  const found = await scheme.authenticate(aRequest(`Bearer ${token}`));
  return typeof found === 'string' ? found : 'accepted';
}

describe('access tokens of key pairs', () => {
  it('are signed by the last key to have started, and name it', () => {
    const { header } = jwt.decode(issue(claims), { complete: true })!;

    expect(header).to.deep.equal({ alg: 'ES256', typ: 'at+jwt', kid: es.id });
    expect(() => jwt.verify(issue(claims), es.verifyingKey, { algorithms: ['ES256'] })).not.to.throw();
  });

  it('can be signed with RS256', () => {
    const token = createAccessTokenIssuer({ ...options, keys: [rs] })(claims);

    expect(jwt.decode(token, { complete: true })!.header.alg).to.equal('RS256');
    expect(() => jwt.verify(token, rs.verifyingKey, { algorithms: ['RS256'] })).not.to.throw();
  });

  it('switch to the next key on time, without a restart', () => {
    const { now: real } = Date;
    Date.now = () => now + hour;
    try {
      expect(jwt.decode(issue(claims), { complete: true })!.header.kid).to.equal(waiting.id);
    } finally {
      Date.now = real;
    }
  });

  const before = createAccessTokenIssuer({ ...options, keys: deriveKeys([secret]).accessTokens });
  for (const [what, token] of Object.entries({
    'the key that signs': issue(claims),
    'the key before': createAccessTokenIssuer({ ...options, keys: [rs] })(claims),
    'the key that waits, as another server may be ahead': forge({ ...ofEs, kid: waiting.id }, ecdsa(waiting.key)),
    'the secret, from before the switch': before(claims),
  })) {
    it(`are accepted when signed by ${what}`, async () => {
      expect(await verdictOn(token)).to.equal('accepted');
    });
  }

  it('are refused once their key is gone', async () => {
    const later = deriveKeys([secret], [waiting]).accessTokens;

    expect(await verdictOn(issue(claims), later)).to.equal('invalid');
  });

  const confused = { ...ofEs, alg: 'HS256' };
  const pem = es.verifyingKey.export({ type: 'spki', format: 'pem' }).toString();
  const der = es.verifyingKey.export({ type: 'spki', format: 'der' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const another = onlyKey(aKey());
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const neighbour = (letter: string) => letters[letters.indexOf(letter) ^ 1]!;
  const attempts: Record<string, string> = {
    'signed with HS256 and the public key in PEM as secret': forge(confused, hmac(pem)),
    'signed with HS256 and the public key in DER as secret': forge(confused, hmac(der)),
    'signed with HS256 and the published JWK as secret': forge(confused, hmac(JSON.stringify(publicJwkOf(es)))),
    'signed with HS256 and the public key, under the kid of the secret': forge(ofSecret, hmac(pem)),
    'signed with HS256 and no secret at all': forge(ofSecret, hmac('')),
    'signed with HS256 and our secret, under the kid of a public key': forge(confused, hmac(secret)),
    'with algorithm none and no signature': `${encode({ ...ofEs, alg: 'none' })}.${payload}.`,
    'with algorithm none and the signature of another': `${encode({ ...ofEs, alg: 'none' })}.${payload}.${signature}`,
    'of the RSA key that claims to be ES256': forge({ ...ofRs, alg: 'ES256' }, rsa(rs.key)),
    'of the RSA key under the kid of the EC key': forge({ ...ofRs, kid: es.id }, rsa(rs.key)),
    'of the RSA key with RS512': forge({ ...ofRs, alg: 'RS512' }, rsa(rs.key, 'sha512')),
    'of the RSA key with PS256': forge(
      { ...ofRs, alg: 'PS256' },
      rsa(rs.key, 'sha256', constants.RSA_PKCS1_PSS_PADDING),
    ),
    'of the EC key under the kid of the RSA key': forge({ ...ofEs, kid: rs.id }, ecdsa(es.key)),
    'of the EC key under the kid of the secret': forge({ ...ofEs, kid: ofSecret.kid }, ecdsa(es.key)),
    'of a curve that is not taken': forge({ ...ofEs, alg: 'ES384' }, ecdsa(p384, 'sha384')),
    'of somebody else under the kid of ours': forge(ofEs, ecdsa(another.key)),
    'of somebody else under their own kid': forge({ ...ofEs, kid: another.id }, ecdsa(another.key)),
    'with a key of its own in its header': forge({ ...ofEs, jwk: publicJwkOf(another) }, ecdsa(another.key)),
    'with an address of keys in its header': forge({ ...ofEs, jku: 'https://attacker.example' }, ecdsa(es.key)),
    'without a kid': forge({ ...ofEs, kid: undefined }, ecdsa(es.key)),
    'of an unknown kid': forge({ ...ofEs, kid: 'unknown' }, ecdsa(es.key)),
    'of the type of any JWT': forge({ ...ofEs, typ: 'JWT' }, ecdsa(es.key)),
    'of no type': forge({ ...ofEs, typ: undefined }, ecdsa(es.key)),
    // Of 86 characters, the last has four bits that mean nothing; its neighbour decodes to the same bytes.
    'whose signature is spelt differently': forge(ofEs, ecdsa(es.key)).replace(/.$/, neighbour),
    'whose signature is padded': `${forge(ofEs, ecdsa(es.key))}==`,
    'whose signature is all zeros': forge(ofEs, () => Buffer.alloc(64)),
    'whose signature is in DER': forge(ofEs, (data) => sign('sha256', Buffer.from(data), es.key)),
    'whose signature is of HS256': forge(ofEs, hmac(secret)),
  };
  for (const [what, token] of Object.entries(attempts)) {
    it(`are refused: one ${what}`, async () => {
      expect(await verdictOn(token)).to.equal('invalid');
    });
  }

  it('are accepted when built as in these attempts, but correctly', async () => {
    for (const token of [forge(ofEs, ecdsa(es.key)), forge(ofRs, rsa(rs.key)), forge(ofSecret, hmac(secret))]) {
      expect(await verdictOn(token)).to.equal('accepted');
    }
  });
});
