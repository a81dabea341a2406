import type { CallOptions } from './calls.ts';
import type { components } from './contract.ts';

type Schemas = components['schemas'];

/** Options of a call that asks for a passkey. */
export interface PasskeyOptions extends CallOptions {
  /**
   * Offers passkeys among the suggestions of a field with `autocomplete="username webauthn"`, without a dialog, until one is chosen, the
   * signal is aborted or something else asks for a passkey.
   */
  readonly autofill?: boolean;
}

/** What keeps passkeys: the browser, or a library of a native app. */
export interface Passkeys {
  /** Makes a passkey. */
  create(
    options: Schemas['PublicKeyCredentialCreationOptions'],
    how: CallOptions,
  ): Promise<Schemas['RegistrationCredential']>;
  /** Has the person choose a passkey, and use it. */
  get(
    options: Schemas['PublicKeyCredentialRequestOptions'],
    how: PasskeyOptions,
  ): Promise<Schemas['AuthenticationCredential']>;
}

const meanings = {
  unsupported: 'Passkeys can not be used here; offer another way.',
  cancelled: 'No passkey was chosen.',
  already_added: 'There is a passkey for this account here already.',
  failed: 'The passkey could not be used.',
};

/** No passkey was made or used; nothing has changed. `cause` is the browser's error. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError';
  /** `cancelled` if the person cancelled, took too long or has no passkey for this site: browsers don't say which. */
  readonly reason: keyof typeof meanings;
  /** What to tell people. */
  readonly detail: string;

  constructor(reason: keyof typeof meanings, cause?: unknown) {
    super(meanings[reason], { cause });
    this.reason = reason;
    this.detail = meanings[reason];
  }
}

/** Has a passkey answer a challenge of the service; one that waits in a form gets a new challenge before the old one expires. */
export async function usePasskey(
  passkeys: Passkeys,
  begin: () => Promise<Schemas['PasskeyLoginOptions']>,
  { autofill = false, signal }: PasskeyOptions,
): Promise<Schemas['AuthenticationCredential']> {
  for (;;) {
    const { public_key: options } = await begin();
    if (!autofill) return passkeys.get(options, { signal });
    const late = AbortSignal.timeout(options.timeout / 2);
    try {
      return await passkeys.get(options, { autofill, signal: signal ? AbortSignal.any([signal, late]) : late });
    } catch (error) {
      if (!late.aborted || error !== late.reason) throw error;
    }
  }
}
