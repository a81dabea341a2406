/** Nobody proved who they are, because they thought better of it. */
export class ProofCancelled extends Error {
  override readonly name = 'ProofCancelled';
}

/** What a dialog settles: somebody has proved who they are, or does not want to. */
export interface ProofRequest {
  readonly done: () => void;
  readonly cancel: () => void;
}

export interface Proofs {
  /** Resolves when somebody has proved who they are; rejects with `ProofCancelled` if they don't want to. */
  ask(): Promise<void>;
  /** Calls `show` for each request, and with nothing once it is settled; returns a function that ends this. */
  onAsk(show: (request: ProofRequest | undefined) => void): () => void;
}

/** Brings those who need a proof together with the dialog that asks for it. Without a dialog, every proof is cancelled. */
export function createProofs(): Proofs {
  let show: ((request: ProofRequest | undefined) => void) | undefined;
  return {
    async ask() {
      try {
        await new Promise<void>((done, fail) => {
          const cancel = () => fail(new ProofCancelled('cancelled'));
          if (show) show({ done, cancel });
          else cancel();
        });
      } finally {
        show?.(undefined);
      }
    },
    onAsk(listener) {
      show = listener;
      return () => {
        show = undefined;
      };
    },
  };
}
