import { operations } from './contract.ts';
import { ProblemError } from './problems.ts';
import type { Session } from './session.ts';
import type { Outgoing, Send } from './transport.ts';
import { until } from './waiting.ts';

/** What a step-up depends on. */
export interface StepUpParts {
  readonly send: Send;
  readonly session: Session;
  /** Has the person prove once more who they are. */
  readonly prove: (problem: ProblemError) => Promise<void>;
}

/**
 * Repeats a call that needs a recent sign-in, once, after the person has proved again who they are. Simultaneous calls share one proof.
 */
export function withStepUp({ send, session, prove }: StepUpParts): Send {
  let proofs = 0;
  let pending: Promise<void> | undefined;

  async function proveOnce(problem: ProblemError): Promise<void> {
    await prove(problem);
    proofs += 1;
  }

  const shared = (problem: ProblemError) =>
    (pending ??= proveOnce(problem).finally(() => {
      pending = undefined;
    }));

  const sessionNow = async () => (await session.read())?.session;

  async function sendSecured(request: Outgoing): Promise<unknown> {
    const [before, person] = [proofs, await sessionNow()];
    try {
      return await send(request);
    } catch (error) {
      if (!(error instanceof ProblemError && error.needsReauthentication)) throw error;
      if (before === proofs) await until(shared(error), request.signal);
      // Someone else may have signed in meanwhile; this request was not meant for them.
      if ((await sessionNow()) !== person) throw error;
      return send(request);
    }
  }

  return (request) => (operations[request.id].secured ? sendSecured(request) : send(request));
}
