import { useEffect, useRef, useState } from 'preact/hooks';
import { NetworkError, PasskeyError, ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { canUsePasskeys } from '../../configuration.ts';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { useServices } from '../../services.ts';

type SignIn = (proof: () => Promise<void>) => Promise<void>;

/**
 * Signs in with passkeys: those that the browser offers at the address while the page is open, and by a button. The browser allows one
 * request at a time, so the button ends the one that waits; after a cancelled or failed attempt, it waits again.
 */
export function usePasskeySignIn(signIn: SignIn) {
  const { client, configuration } = useServices();
  const areUsable = canUsePasskeys(configuration);
  const [isPending, setPending] = useState(false);
  const [fault, setFault] = useState<string>();
  const page = useRef(new AbortController());

  const wait = () => void attempt({ autofill: true, signal: page.current.signal });

  async function attempt(options: { readonly autofill?: boolean; readonly signal: AbortSignal }): Promise<void> {
    try {
      await signIn(() => client.signInWithPasskey(options));
    } catch (error) {
      if (options.signal.aborted) return;
      // What waited has given way to the button, or can't be had now; nobody asked for it.
      if (options.autofill === true && !isRefused(error)) return;
      setFault(describe(error));
      wait();
    }
  }

  async function ask(): Promise<void> {
    setPending(true);
    setFault(undefined);
    await attempt({ signal: page.current.signal });
    setPending(false);
  }

  useEffect(() => {
    if (!areUsable) return undefined;
    const controller = new AbortController();
    page.current = controller;
    wait();
    return () => controller.abort();
  }, [areUsable]);

  return { areUsable, isPending, fault, ask: () => void ask() };
}

/** Whether somebody chose a passkey that the service did not accept. */
function isRefused(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 401 || error.status === 403);
}

// A prompt that somebody cancelled is no fault.
function describe(error: unknown): string | undefined {
  if (error instanceof PasskeyError) return error.reason === 'failed' ? english.passkeyFailed : undefined;
  if (error instanceof ProblemError) return messageOf(error);
  return error instanceof NetworkError ? undefined : english.form.unexpected;
}
