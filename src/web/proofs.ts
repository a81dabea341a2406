/** Nobody proved who they are, because they thought better of it. */
export class ProofCancelled extends Error {
  override readonly name = 'ProofCancelled';
}

/** A recent proof within a session, or a new session since the old one has ended. */
export type ProofKind = 'proof' | 'session';

/** What a dialog settles: somebody has proved who they are, or does not want to. */
export interface ProofRequest {
  readonly kind: ProofKind;
  readonly done: () => void;
  readonly cancel: () => void;
}

export interface Proofs {
  /** Resolves when somebody has proved who they are; rejects with `ProofCancelled` if they don't want to. All who wait share one dialog. */
  ask(kind: ProofKind): Promise<void>;
  /** Calls `show` for each request, and with nothing once it is settled; returns a function that ends this. */
  onAsk(show: (request: ProofRequest | undefined) => void): () => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Brings those who need a proof together with the dialog that asks for it. Without a dialog, every proof is cancelled. */
export function createProofs(): Proofs {
  let show: ((request: ProofRequest | undefined) => void) | undefined;
  let current: ProofRequest | undefined;
  let waiting: Waiting[] = [];

  const cancelOne = ({ reject }: Waiting) => reject(new ProofCancelled('cancelled'));

  function request(kind: ProofKind): ProofRequest {
    const settling = (settle: (one: Waiting) => void) => () => {
      if (current !== made) return;
      const settled = waiting;
      [current, waiting] = [undefined, []];
      show?.(undefined);
      settled.forEach(settle);
    };
    const made = { kind, done: settling(({ resolve }) => resolve()), cancel: settling(cancelOne) };
    return made;
  }

  return {
    ask: (kind) =>
      new Promise((resolve, reject) => {
        if (!show) return cancelOne({ resolve, reject });
        waiting.push({ resolve, reject });
        // Whoever begins a session has proved themselves, too.
        if (current?.kind === kind || current?.kind === 'session') return;
        current = request(kind);
        show(current);
      }),
    onAsk(listener) {
      show = listener;
      return () => {
        current?.cancel();
        show = undefined;
      };
    },
  };
}
