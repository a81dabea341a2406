import { useEffect, useRef, useState } from 'preact/hooks';
import {
  NetworkError,
  PasskeyError,
  ProblemError,
  UnexpectedAnswerError,
} from '../../../openapi/clients/typescript/index.ts';
import { english } from '../english.ts';
import type { Fault } from '../problems.ts';
import { ProofCancelled } from '../proofs.ts';

/** How sending a form goes. */
export interface Submission {
  readonly isPending: boolean;
  /** Whether it waits for the network, and is then sent again. */
  readonly isOffline: boolean;
  /** Seconds until it may be sent again; 0 if it may. */
  readonly wait: number;
  /** What a screen reader is told about the wait. */
  readonly status: string;
  readonly faults: readonly Fault[];
  /** Sends the form, or shows what is wrong with it. */
  readonly send: () => Promise<void>;
}

export interface SubmissionParts {
  /** What is wrong before anything is sent. */
  readonly check: () => Fault[];
  readonly submit: () => Promise<void>;
  /** What a problem says about the form. */
  readonly describe: (problem: ProblemError) => Fault[];
}

const retrySeconds = [2, 4, 8, 15];

/** Sends a form: once at a time, again when a lost network is back, and not before the service wants it. */
export function useSubmission({ check, submit, describe }: SubmissionParts): Submission {
  const [isPending, setPending] = useState(false);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [losses, setLosses] = useState(0);
  const { wait, status, startWait } = useWait();
  const isSending = useRef(false);

  async function send(): Promise<void> {
    if (isSending.current || wait > 0) return;
    const found = check();
    setFaults(found);
    if (found.length > 0) return;
    isSending.current = true;
    setPending(true);
    try {
      await submit();
      setLosses(0);
    } catch (error) {
      if (error instanceof NetworkError) {
        setLosses((count) => count + 1);
        return;
      }
      setLosses(0);
      if (isCancelled(error)) return;
      const seconds = error instanceof ProblemError ? waitOf(error) : undefined;
      if (error instanceof ProblemError && seconds !== undefined) startWait(seconds, error.status === 429);
      else setFaults(error instanceof ProblemError ? describe(error) : [faultOf(error)]);
    } finally {
      isSending.current = false;
      setPending(false);
    }
  }

  const again = useRef(send);
  again.current = send;
  useEffect(() => {
    if (losses === 0) return undefined;
    const retry = () => void again.current();
    const timer = setTimeout(retry, (retrySeconds[losses - 1] ?? 30) * 1000);
    addEventListener('online', retry);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', retry);
    };
  }, [losses]);

  return { isPending, isOffline: losses > 0, wait, status, faults, send };
}

/** Whether somebody thought better of it, which is no error. */
function isCancelled(error: unknown): boolean {
  return error instanceof ProofCancelled || (error instanceof PasskeyError && error.reason === 'cancelled');
}

function waitOf({ status, retryAfterSeconds }: ProblemError): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  return Math.max(1, Math.ceil(retryAfterSeconds ?? 5));
}

function faultOf(error: unknown): Fault {
  if (error instanceof PasskeyError) return { field: undefined, message: english.passkeyErrors[error.reason] };
  if (error instanceof UnexpectedAnswerError) return { field: undefined, message: english.form.unexpected };
  return { field: undefined, message: error instanceof Error ? error.message : english.form.unexpected };
}

/** Counts down to when something may be tried again. */
export function useWait() {
  const [until, setUntil] = useState(0);
  const [wait, setWait] = useState(0);
  const [status, setStatus] = useState('');

  useEffect(() => {
    if (until === 0) return undefined;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setWait(left);
      if (left > 0) return;
      setStatus(english.form.ready);
      setUntil(0);
    }, 250);
    return () => clearInterval(timer);
  }, [until]);

  return {
    wait,
    status,
    startWait: (seconds: number, isLimit: boolean): void => {
      setUntil(Date.now() + seconds * 1000);
      setWait(seconds);
      setStatus(isLimit ? english.form.waiting(seconds) : english.form.unavailable(seconds));
    },
  };
}
