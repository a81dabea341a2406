import { english } from '../english.ts';
import { Moment } from './moment.tsx';

const text = english.factors;

export interface FactorUseProps {
  readonly addedAt: string;
  readonly usedAt: string | null;
  /** Whether the moments are also there to copy, for consoles. */
  readonly isCopied?: boolean;
}

/** Since when somebody has a second factor or passkey, and when they last used it. */
export function FactorUse({ addedAt, usedAt, isCopied = false }: FactorUseProps) {
  return (
    <>
      {text.added} <Moment at={addedAt} isCopied={isCopied} />.{' '}
      {usedAt === null ? (
        text.neverUsed
      ) : (
        <>
          {text.used} <Moment at={usedAt} isCopied={isCopied} />
        </>
      )}
      .
    </>
  );
}
