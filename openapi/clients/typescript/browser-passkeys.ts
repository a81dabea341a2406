import { PasskeyError, type Passkeys } from './passkeys.ts';

/** The browser APIs in use, so that the package does not depend on DOM types. */
interface Browser {
  readonly PublicKeyCredential?: Partial<WebAuthentication>;
  readonly navigator?: { readonly credentials?: Credentials };
}

interface WebAuthentication {
  parseCreationOptionsFromJSON(options: unknown): unknown;
  parseRequestOptionsFromJSON(options: unknown): unknown;
  isConditionalMediationAvailable(): Promise<boolean>;
}

interface Credentials {
  create(options: object): Promise<Credential | null>;
  get(options: object): Promise<Credential | null>;
}

interface Credential {
  toJSON(): unknown;
}

/** The passkeys of the browser, or of a device that it reaches. */
export const browserPasskeys: Passkeys = {
  async create(options, { signal }) {
    const { webAuthentication, credentials } = findBrowser();
    const publicKey = webAuthentication.parseCreationOptionsFromJSON(options);
    return perform((alone) => credentials.create({ publicKey, signal: alone }), signal);
  },
  async get(options, { autofill = false, signal }) {
    const { webAuthentication, credentials } = findBrowser();
    if (autofill && !(await webAuthentication.isConditionalMediationAvailable())) throw new PasskeyError('unsupported');
    const publicKey = webAuthentication.parseRequestOptionsFromJSON(options);
    const mediation = autofill ? { mediation: 'conditional' } : {};
    return perform((alone) => credentials.get({ publicKey, ...mediation, signal: alone }), signal);
  },
};

function findBrowser() {
  const { PublicKeyCredential: found, navigator } = globalThis as unknown as Browser;
  const isWhole =
    found?.parseCreationOptionsFromJSON && found.parseRequestOptionsFromJSON && found.isConditionalMediationAvailable;
  if (!isWhole || !navigator?.credentials) throw new PasskeyError('unsupported');
  return { webAuthentication: found as WebAuthentication, credentials: navigator.credentials };
}

// A page can have one request only, so one that waits in a form gives way to the next.
let ongoing: AbortController | undefined;

async function perform<Result>(
  ask: (signal: AbortSignal) => Promise<Credential | null>,
  given: AbortSignal | undefined,
): Promise<Result> {
  ongoing?.abort(new PasskeyError('cancelled'));
  const own = (ongoing = new AbortController());
  const signal = given ? AbortSignal.any([given, own.signal]) : own.signal;
  try {
    const credential = await ask(signal);
    if (!credential) throw new PasskeyError('failed');
    return credential.toJSON() as Result;
  } catch (error) {
    throw signal.aborted ? signal.reason : refusal(error);
  } finally {
    if (ongoing === own) ongoing = undefined;
  }
}

function refusal(error: unknown): PasskeyError {
  if (error instanceof PasskeyError) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') return new PasskeyError('cancelled', error);
  return new PasskeyError(name === 'InvalidStateError' ? 'already_added' : 'failed', error);
}
