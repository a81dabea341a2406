/** Checks what authenticators sign (WebAuthn level 3, sections 7.1 and 7.2). */
import { createHash } from 'node:crypto';
import type { components } from '../../../generated/openapi.ts';
import { RefusedPasskey } from './refused-passkey.ts';

type Wire = components['schemas'];

/** A credential as it is stored. */
export interface StoredCredential {
  readonly credentialId: Buffer;
  /** A COSE key (RFC 9052). */
  readonly publicKey: Buffer;
}

/** A credential that an authenticator has just made. */
export interface MadeCredential extends StoredCredential, AuthenticatorState {
  readonly transports: readonly string[];
  /** The model of the authenticator. */
  readonly aaguid: string;
  readonly isBackupEligible: boolean;
}

/** What an authenticator says about a credential each time. */
export interface AuthenticatorState {
  /** How often it was used; 0 if the authenticator does not count. */
  readonly signCount: number;
  readonly isBackedUp: boolean;
}

/** COSE algorithms that every authenticator has one of, the preferred first: ES256 and RS256. Ed25519 makes Node 20 print a warning. */
export const algorithms: readonly number[] = [-7, -257];

/** Whom passkeys are for. */
export interface RelyingParty {
  readonly rpId: string;
  readonly origins: readonly string[];
  /** For people. */
  readonly serviceName: string;
}

export type WebAuthn = ReturnType<typeof createWebAuthn>;

// It takes half a second and 26 MB, which only those who use passkeys should pay for.
const load = () => import('@simplewebauthn/server');
const loadHelpers = () => import('@simplewebauthn/server/helpers');

/** Checks credentials for a domain and the origins that may use it. Whoever calls has made sure of the challenge. */
export function createWebAuthn({ rpId, origins, serviceName }: RelyingParty) {
  const expected = { expectedOrigin: [...origins], expectedRPID: rpId, requireUserVerification: false };

  function checkPage({ origin, crossOrigin }: ClientData): void {
    if (!origins.includes(origin)) throw new RefusedPasskey('origin', `the page is of ${origin}`);
    // A page of ours in a frame of somebody else's, who may have laid something over it.
    if (crossOrigin === true) throw new RefusedPasskey('origin', 'the page is in a frame of another origin');
  }

  return {
    rpId,
    serviceName,

    /** Loads the library in advance, so that nobody waits for it. */
    prepare(): void {
      void load().catch(() => {});
    },

    /** Throws a RefusedPasskey. */
    async verifyNew(credential: Wire['RegistrationCredential']): Promise<MadeCredential> {
      const { response } = credential;
      const clientData = readClientData(response.clientDataJSON);
      checkPage(clientData);
      const { verifyRegistrationResponse } = await load();
      const info = await broken(async () => {
        await refuseCertificates(response.attestationObject);
        const { registrationInfo } = await verifyRegistrationResponse({
          response: { ...credential, type: 'public-key', clientExtensionResults: {} },
          expectedChallenge: clientData.challenge,
          supportedAlgorithmIDs: [...algorithms],
          ...expected,
        });
        return registrationInfo;
      });
      if (!info) throw new RefusedPasskey('broken', 'the attestation is not valid');
      if (!info.userVerified) throw unverified();
      return {
        credentialId: Buffer.from(info.credential.id, 'base64url'),
        publicKey: Buffer.from(info.credential.publicKey),
        signCount: info.credential.counter,
        transports: response.transports ?? [],
        aaguid: info.aaguid,
        isBackupEligible: info.credentialDeviceType === 'multiDevice',
        isBackedUp: info.credentialBackedUp,
      };
    },

    /** What the authenticator says about the credential, whose counter is not compared. Throws a RefusedPasskey. */
    async verify(credential: Wire['AuthenticationCredential'], stored: StoredCredential): Promise<AuthenticatorState> {
      const clientData = readClientData(credential.response.clientDataJSON);
      checkPage(clientData);
      const { verifyAuthenticationResponse } = await load();
      const { verified, authenticationInfo: info } = await broken(() =>
        verifyAuthenticationResponse({
          response: { ...credential, type: 'public-key', clientExtensionResults: {} },
          expectedChallenge: clientData.challenge,
          credential: { id: credential.id, publicKey: new Uint8Array(stored.publicKey), counter: 0 },
          ...expected,
        }),
      );
      if (!verified) throw new RefusedPasskey('broken', 'the signature is wrong');
      if (!info.userVerified) throw unverified();
      return { signCount: info.newCounter, isBackedUp: info.credentialBackedUp };
    },
  };
}

/** What authenticators know a user by: it says nothing about the person (WebAuthn, section 14.6.1). */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}

interface ClientData {
  readonly challenge: string;
  readonly origin: string;
  readonly crossOrigin?: unknown;
}

/** What is stored of the challenge that a credential answers. Throws a RefusedPasskey. */
export function challengeHashOf({ response }: { readonly response: { readonly clientDataJSON: string } }): Buffer {
  return hashChallenge(readClientData(response.clientDataJSON).challenge);
}

/** What is stored of a challenge, in base64url. */
export function hashChallenge(challenge: string): Buffer {
  return createHash('sha256').update(challenge).digest();
}

function readClientData(json: string): ClientData {
  try {
    const { challenge, origin, crossOrigin } = JSON.parse(Buffer.from(json, 'base64url').toString()) as ClientData;
    if (typeof challenge === 'string' && typeof origin === 'string') return { challenge, origin, crossOrigin };
  } catch (error) {
    throw new RefusedPasskey('broken', 'the client data is no JSON', { cause: error });
  }
  throw new RefusedPasskey('broken', 'the client data has no challenge or origin');
}

/** Nobody asked for certificates, and to check them means to fetch lists of revoked ones. */
async function refuseCertificates(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await loadHelpers();
  const statement = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url'))).get('attStmt');
  if (statement.size > 0 && statement.get('x5c') !== undefined) throw new Error('there are certificates');
}

/** Whatever the library throws means that the credential can't be used, or is for another domain. */
async function broken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    throw new RefusedPasskey(name === 'UnexpectedRPIDHash' ? 'origin' : 'broken', message, { cause: error });
  }
}

const unverified = () => new RefusedPasskey('unverified', 'the authenticator did not verify its user');
