import { expect } from 'chai';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { deriveKeys } from '../../../src/platform/keys.ts';
import {
  generateSigningKey,
  parseSigningKeys,
  publicJwkOf,
  signingKeyAt,
  SigningKeysError,
} from '../../../src/platform/signing-keys.ts';
import { aKey, aKeyFile, onlyKey, unsupportedKeys } from '../../support/signing-keys.ts';

const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const at = (time: string) => new Date(`2026-01-31T${time}Z`);

const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });

function errorOf(text: string): SigningKeysError {
  try {
    parseSigningKeys(text);
  } catch (error) {
    if (error instanceof SigningKeysError) return error;
    throw error;
  }
  throw new Error('the keys were accepted');
}

describe('signing keys', () => {
  it('sign with the algorithm of their type', () => {
    const keys = parseSigningKeys(aKey() + aKey(undefined, 'RS256'));

    expect(keys.map(({ algorithm }) => algorithm)).to.deep.equal(['ES256', 'RS256']);
  });

  it('have ids that no command takes for an option', () => {
    // One key in 64 would have another.
    const ids = Array.from({ length: 500 }, () => onlyKey(generateSigningKey('ES256')).id);

    expect(ids.filter((id) => id.startsWith('-'))).to.deep.equal([]);
  });

  it('are read in each of the usual encodings', () => {
    const ec = createPrivateKey(generateSigningKey('ES256'));
    const rsa = createPrivateKey(generateSigningKey('RS256'));
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const sec1 = ec.export({ type: 'sec1', format: 'pem' }).toString();
    const pkcs1 = rsa.export({ type: 'pkcs1', format: 'pem' }).toString();

    const keys = parseSigningKeys(`${parameters}${sec1}${pkcs1}`.replaceAll('\n', '\r\n'));

    expect(keys.map(({ key }) => pkcs8(key))).to.deep.equal([ec, rsa].map(pkcs8));
  });

  it('are identified by the thumbprint of RFC 7638', () => {
    for (const algorithm of ['ES256', 'RS256'] as const) {
      const key = onlyKey(generateSigningKey(algorithm));
      const { kty, crv, x, y, n, e } = publicJwkOf(key);
      const members =
        algorithm === 'ES256'
          ? `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`
          : `{"e":"${e}","kty":"${kty}","n":"${n}"}`;

      expect(key.id).to.equal(createHash('sha256').update(members).digest('base64url'));
    }
  });

  it('are published without their private members', () => {
    const [es, rs] = parseSigningKeys(aKey() + aKey(undefined, 'RS256')).map(publicJwkOf);

    expect(es).to.have.all.keys('kty', 'use', 'alg', 'kid', 'crv', 'x', 'y');
    expect(es).to.include({ kty: 'EC', use: 'sig', alg: 'ES256', crv: 'P-256' });
    expect(rs).to.have.all.keys('kty', 'use', 'alg', 'kid', 'n', 'e');
    expect(rs).to.include({ kty: 'RSA', use: 'sig', alg: 'RS256' });
  });

  describe('take turns', () => {
    it('each from its start time on', () => {
      const keys = parseSigningKeys(aKeyFile(at('08:00:00'), undefined, at('09:00:00')));
      const signing = (time: string) => keys.indexOf(signingKeyAt(keys, at(time).getTime()));

      expect(['07:59:59', '08:00:00', '08:59:59', '09:00:00', '23:00:00'].map(signing)).to.deep.equal([1, 0, 0, 2, 2]);
    });

    it('after the first secret, which signs until then', () => {
      const { accessTokens } = deriveKeys([secret, `another ${secret}`], parseSigningKeys(aKeyFile(at('08:00:00'))));
      const signing = (time: string) => signingKeyAt(accessTokens, at(time).getTime());

      expect(signing('07:59:59').id).to.equal(deriveKeys([secret]).accessTokens[0].id);
      expect(signing('08:00:00').algorithm).to.equal('ES256');
    });

    it('instead of the secrets from the beginning, if nothing says when they start', () => {
      const { accessTokens } = deriveKeys([secret], parseSigningKeys(aKey()));

      expect(signingKeyAt(accessTokens, Date.now()).algorithm).to.equal('ES256');
    });

    it('as the text before each says, whatever else it says', () => {
      const text = `# the key of spring\nsigns from: 2026-01-31T09:00:00+01:00\n\n${generateSigningKey('ES256')}# the end\n`;

      expect(onlyKey(text).signsFrom).to.equal(at('08:00:00').getTime());
    });
  });

  describe('are refused', () => {
    for (const [what, make] of Object.entries(unsupportedKeys)) {
      it(`if one is ${what}`, () => {
        const { message, remedy } = errorOf(aKey() + make());

        expect(message).to.match(/^has (a key of type|an RSA key of 1024 bits).*\(key number 2\)$/);
        expect(remedy).to.include('use an EC P-256 or an RSA key');
      });
    }

    const repeated = aKey();
    const publicKey = createPublicKey(generateSigningKey('ES256')).export({ type: 'spki', format: 'pem' }).toString();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'kites' })
      .toString();
    const cases: [string, string, RegExp][] = [
      ['a key comes twice', repeated + aKey() + repeated, /^has a key twice \(number 3\)$/],
      ['one is public', publicKey, /^has a public key instead of a private key \(key number 1\)$/],
      ['one is encrypted', encrypted, /^has an encrypted key/],
      ['one is damaged', aKey().replace(/M/g, 'N'), /^has a private key that can't be read/],
      ['the last was cut short', aKey() + aKey().slice(0, 100), /^is not PEM, or was cut short$/],
      ['it lost its line breaks', 'MIGHAgEAMBMGByqGSM49AgEG', /^is not PEM, or was cut short$/],
      ['the key of a time is missing', `${aKey()}Signs from: 2026-01-31T08:00:00Z\n`, /^is not PEM, or was cut short$/],
      [
        'a time has no zone',
        `Signs from: 2026-01-31T08:00:00\n${aKey()}`,
        /^doesn't say clearly when a key starts to sign/,
      ],
      ['a time does not exist', `Signs from: 2026-13-31T08:00:00Z\n${aKey()}`, /^doesn't say clearly/],
      ['a day does not exist', `Signs from: 2026-02-30T08:00:00Z\n${aKey()}`, /^doesn't say clearly/],
      ['the line lacks its colon', `Signs from 2026-01-31T08:00:00Z\n${aKey()}`, /^doesn't say clearly/],
      ['the line is a comment', `# sign from: 2026-01-31T08:00:00Z\n${aKey()}`, /^doesn't say clearly/],
      ['its line breaks are escaped', aKey().replaceAll('\n', '\\n'), /^has a private key that can't be read/],
      ['two times are given for one key', `Signs from: 2026-01-31T08:00:00Z\n${aKey(at('08:00:00'))}`, /^doesn't say/],
    ];
    for (const [what, text, expected] of cases) {
      it(`if ${what}`, () => {
        const { message, remedy } = errorOf(text);

        expect(message).to.match(expected);
        expect(remedy).not.to.equal('');
        expect(`${message} ${remedy}`, 'nothing of the key').not.to.match(/[A-Za-z0-9+/]{40}/);
      });
    }
  });
});
