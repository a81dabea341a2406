import { useEffect, useState } from 'preact/hooks';
import { ProblemError } from '../../../openapi/clients/typescript/index.ts';
import { english } from '../english.ts';
import { messageOf } from '../problems.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { useWait } from './submission.ts';

const pauseSeconds = 30;

/** Sends a mail once more, after a pause in which the first one may arrive. */
export function SendAgain({ send }: { readonly send: () => Promise<void> }) {
  const { wait, startWait } = useWait();
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isFault: boolean }>();
  useEffect(() => startWait(pauseSeconds, false), []);

  async function sendAgain(): Promise<void> {
    try {
      await send();
      setOutcome({ text: english.sentAgain, isFault: false });
      startWait(pauseSeconds, false);
    } catch (error) {
      if (error instanceof ProblemError && error.retryAfterSeconds !== undefined)
        startWait(error.retryAfterSeconds, true);
      else
        setOutcome({ text: error instanceof ProblemError ? messageOf(error) : english.form.unexpected, isFault: true });
    }
  }

  return (
    <>
      {outcome && (
        <Notice kind={outcome.isFault ? 'danger' : 'success'}>
          <p>{outcome.text}</p>
        </Notice>
      )}
      <Button look="link" isDisabled={wait > 0} onClick={() => void sendAgain()}>
        {wait > 0 ? english.sendAgainIn(Math.ceil(wait)) : english.sendAgain}
      </Button>
    </>
  );
}
