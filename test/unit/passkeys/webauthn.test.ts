/** Recorded credentials: the test vectors of WebAuthn level 3 (section 16), in the JSON that browsers make of them. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { components } from '../../../generated/openapi.ts';
import { RefusedPasskey } from '../../../src/features/passkeys/refused-passkey.ts';
import { createWebAuthn, type RelyingParty } from '../../../src/features/passkeys/webauthn.ts';

type Wire = components['schemas'];
interface Vector {
  readonly registration: Wire['RegistrationCredential'];
  readonly authentication: Wire['AuthenticationCredential'];
}

const vectors = JSON.parse(readFileSync(new URL('webauthn-vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  Vector
>;
const relyingParty = { rpId: 'example.org', origins: ['https://example.org'], serviceName: 'Latchkey' };
const webAuthn = createWebAuthn(relyingParty);

describe('WebAuthn, by its test vectors,', () => {
  const register = ({ registration }: Vector, party: RelyingParty = relyingParty) =>
    createWebAuthn(party).verifyNew(withoutStatement(registration));
  const signIn = (vector: Vector, authentication = vector.authentication, party: RelyingParty = relyingParty) =>
    createWebAuthn(party).verify(authentication, storedOf(vector));

  it('accepts what an authenticator made, and reads its model, flags and counter', async () => {
    const vector = vectorOf('packed-self.ES256');

    const made = await webAuthn.verifyNew(vector.registration);

    expect(made.credentialId.toString('base64url')).to.equal(vector.registration.id);
    expect(made.publicKey.toString('hex')).to.match(/^a5010203262001215820eb151c8176b225cc/);
    expect(made).to.include({
      aaguid: 'df850e09-db6a-fbdf-ab51-697791506cfc',
      signCount: 0,
      isBackupEligible: true,
      isBackedUp: true,
    });
  });

  it('accepts what it signed, by a credential with the longest id there is', async () => {
    const vector = vectorOf('none.ES256.long-credential-id');

    expect(storedOf(vector).credentialId).to.have.length(1023);
    expect(await signIn(vector)).to.deep.equal({ signCount: 0, isBackedUp: false });
  });

  it('accepts an RSA key, and what it signed but for its user, whom it did not verify', async () => {
    const vector = vectorOf('packed.RS256');

    const { publicKey } = await register(vector);

    expect(publicKey.toString('hex')).to.match(/^a401030339010020/);
    expect(await refusalOf(signIn(vector))).to.include({ reason: 'unverified' });
  });

  it('refuses a kind of key that it did not ask for', async () => {
    expect(await refusalOf(register(vectorOf('packed.EdDSA')))).to.deep.include({
      reason: 'broken',
      message: 'Unexpected public key alg "-8", expected one of "-7, -257"',
    });
  });

  it('refuses certificates, which it did not ask for', async () => {
    const { registration } = vectorOf('packed.RS256');

    expect(await refusalOf(webAuthn.verifyNew(registration))).to.deep.include({
      reason: 'broken',
      message: 'there are certificates',
    });
  });

  it('refuses what an authenticator made or signed without verifying its user', async () => {
    expect(await refusalOf(register(vectorOf('none.ES256')))).to.include({ reason: 'unverified' });
    expect(await refusalOf(signIn(vectorOf('none.ES256')))).to.include({ reason: 'unverified' });
  });

  for (const name of ['none.ES256.crossOrigin', 'none.ES256.topOrigin']) {
    it(`refuses what was made or signed in a frame of another origin: ${name}`, async () => {
      expect(await refusalOf(register(vectorOf(name)))).to.include({ reason: 'origin' });
      expect(await refusalOf(signIn(vectorOf(name)))).to.include({ reason: 'origin' });
    });
  }

  const others = { 'another domain': { rpId: 'example.com' }, 'another origin': { origins: ['https://example.com'] } };
  for (const [what, other] of Object.entries(others)) {
    it(`refuses what was made or signed for ${what}`, async () => {
      const party = { ...relyingParty, ...other };

      expect(await refusalOf(register(vectorOf('packed-self.ES256'), party))).to.include({ reason: 'origin' });
      const vector = vectorOf('none.ES256.long-credential-id');
      expect(await refusalOf(signIn(vector, vector.authentication, party))).to.include({ reason: 'origin' });
    });
  }

  it('refuses what another credential signed, and what was signed for another challenge', async () => {
    const vector = vectorOf('none.ES256.long-credential-id');
    const { response } = vectorOf('none.ES256').authentication;
    const answers = [
      { ...vector.authentication, response },
      {
        ...vector.authentication,
        response: { ...vector.authentication.response, clientDataJSON: response.clientDataJSON },
      },
    ];

    for (const answer of answers) {
      expect(await refusalOf(signIn(vector, answer))).to.deep.include({
        reason: 'broken',
        message: 'the signature is wrong',
      });
    }
  });

  it('refuses the answer of a registration for that of a sign-in, and the other way round', async () => {
    const { registration, authentication } = vectorOf('packed-self.ES256');
    const [{ clientDataJSON: ofMaking }, { clientDataJSON: ofLogin }] = [
      registration.response,
      authentication.response,
    ];
    const made = { ...registration, response: { ...registration.response, clientDataJSON: ofLogin } };
    const signed = {
      ...authentication,
      response: { ...authentication.response, clientDataJSON: ofMaking },
    };

    expect((await refusalOf(webAuthn.verifyNew(made))).message).to.match(/response type/);
    const answered = signIn(vectorOf('packed-self.ES256'), signed);
    expect((await refusalOf(answered)).message).to.match(/response type/);
  });

  it('refuses a credential that was cut off anywhere, and one with something behind its key', async () => {
    const { registration } = vectorOf('packed-self.ES256');
    const whole = Buffer.from(registration.response.attestationObject, 'base64url');
    const replaced = (bytes: Buffer) => ({
      ...registration,
      response: { ...registration.response, attestationObject: bytes.toString('base64url') },
    });

    for (let length = 0; length < whole.length; length += 1) {
      const cut = webAuthn.verifyNew(replaced(whole.subarray(0, length)));
      expect(await refusalOf(cut), `${length} bytes`).to.include({ reason: 'broken' });
    }
    const longer = bareObject(Buffer.concat([authDataOf(registration), Buffer.from([0])]));
    expect(await refusalOf(webAuthn.verifyNew(replaced(longer)))).to.include({ reason: 'broken' });
  });

  it('refuses what an authenticator signed if it was cut off anywhere', async () => {
    const vector = vectorOf('none.ES256.long-credential-id');
    const { authentication } = vector;
    const parts = ['authenticatorData', 'signature', 'clientDataJSON'] as const;

    for (const part of parts) {
      const whole = Buffer.from(authentication.response[part], 'base64url');
      for (let length = 0; length < whole.length; length += 1) {
        const cut = whole.subarray(0, length).toString('base64url');
        const answer = { ...authentication, response: { ...authentication.response, [part]: cut } };
        expect(await refusalOf(signIn(vector, answer)), `${part}, ${length} bytes`).to.include({ reason: 'broken' });
      }
    }
  });
});

function vectorOf(name: string): Vector {
  const vector = vectors[name];
  if (!vector) throw new Error(`there is no test vector ${name}`);
  return vector;
}

/** As a browser sends it when no statement was asked for (section 5.1.3): the same without what the authenticator says of itself. */
function withoutStatement(registration: Vector['registration']): Vector['registration'] {
  const attestationObject = bareObject(authDataOf(registration)).toString('base64url');
  return { ...registration, response: { ...registration.response, attestationObject } };
}

/** The CBOR of an attestation object without a statement (section 6.5.4). */
function bareObject(authData: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(authData.length);
  return Buffer.concat([Buffer.from(`\xa3cfmtdnonegattStmt\xa0hauthData\x59`, 'latin1'), length, authData]);
}

/** The authenticator data, which is the last member of an attestation object. */
function authDataOf({ response }: Vector['registration']): Buffer {
  const object = Buffer.from(response.attestationObject, 'base64url');
  const start = object.indexOf('hauthData') + 'hauthData'.length;
  return object.subarray(start + (object[start] === 0x58 ? 2 : 3));
}

/** What is stored of a credential: its id and its key stand at the end of the authenticator data (section 6.5.1). */
function storedOf({ registration }: Vector) {
  const data = authDataOf(registration);
  const end = 55 + data.readUInt16BE(53);
  return { credentialId: data.subarray(55, end), publicKey: data.subarray(end) };
}

async function refusalOf(work: Promise<unknown>): Promise<RefusedPasskey> {
  const outcome = await work.catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(RefusedPasskey);
  return outcome as RefusedPasskey;
}
