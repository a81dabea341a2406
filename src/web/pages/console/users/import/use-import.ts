import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { noteUser } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { newIdempotencyKey } from '../../../../components/idempotency-key.ts';
import { english } from '../../../../english.ts';
import { faultsOf, messageOf } from '../../../../problems.ts';
import { ProofCancelled } from '../../../../proofs.ts';
import { useServices } from '../../../../services.ts';
import type { Row } from './list.ts';
import { runImport, type Holdup } from './run.ts';

/** A row that the service refused, and why. */
export interface Failure {
  readonly row: Row;
  readonly message: string;
}

export interface Import {
  readonly state: 'running' | 'stopped' | 'finished';
  readonly created: number;
  readonly failures: readonly Failure[];
  readonly left: number;
  readonly holdup: Holdup | undefined;
  /** Why it stopped, if nobody stopped it. */
  readonly fault: string | undefined;
  readonly start: () => void;
  readonly stop: () => void;
}

const labels = new Map([
  ['email', english.fields.email],
  ['full_name', english.fields.full_name],
  ['role', english.newUser.role],
]);

/** Creates the users of a list, until somebody stops it. Then it can go on where it was. */
export function useImport(rows: readonly Row[]): Import {
  const { kept } = useServices();
  const { client } = useConsole();
  const entries = useMemo(() => rows.map((row) => ({ row, key: newIdempotencyKey() })), [rows]);
  const [created, setCreated] = useState(0);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [holdup, setHoldup] = useState<Holdup>();
  const [fault, setFault] = useState<string>();
  const running = useRef<AbortController | undefined>(undefined);
  const left = entries.length - created - failures.length;

  async function start(): Promise<void> {
    const control = new AbortController();
    running.current = control;
    setRunning(true);
    setFault(undefined);
    try {
      await runImport({
        entries: entries.slice(-left),
        signal: control.signal,
        async create({ row: { line: _, ...user }, key }, signal) {
          noteUser(kept, await client.createUser(user, { idempotencyKey: key, signal }));
        },
        onCreated: () => setCreated((count) => count + 1),
        onRefused: ({ row }, problem) => setFailures((list) => [...list, { row, message: sentenceOf(problem) }]),
        onHoldup: setHoldup,
      });
    } catch (error) {
      const isWanted = control.signal.aborted || error instanceof ProofCancelled;
      if (!isWanted) setFault(error instanceof ProblemError ? messageOf(error) : english.form.unexpected);
    }
    setHoldup(undefined);
    setRunning(false);
  }

  useEffect(() => {
    if (!isRunning) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isRunning]);
  useEffect(() => () => running.current?.abort(), []);

  return {
    state: isRunning ? 'running' : left === 0 ? 'finished' : 'stopped',
    created,
    failures,
    left,
    holdup,
    fault,
    start: () => {
      if (!isRunning && left > 0) void start();
    },
    stop: () => running.current?.abort(),
  };
}

function sentenceOf(problem: ProblemError): string {
  const faults = faultsOf(problem, labels, {}, english.rulesForOthers);
  return faults.map(({ message }) => message).join('. ');
}
