import { english } from '../english.ts';
import { messageOf } from '../problems.ts';
import { Button, type ButtonProps } from './button.tsx';
import { Notice } from './notice.tsx';
import { useSubmission } from './submission.ts';

export interface DeedProps {
  /** What the button says. */
  readonly action: string;
  /** Its name for screen readers, where many buttons say the same. */
  readonly name?: string;
  readonly look?: NonNullable<ButtonProps['look']>;
  readonly run: () => Promise<void>;
}

/** A button that does something at once, and says if that went wrong. */
export function Deed({ action, name, look = 'secondary', run }: DeedProps) {
  const { isPending, isOffline, wait, status, faults, send } = useSubmission({
    check: () => [],
    submit: run,
    describe: (problem) => [{ field: undefined, message: messageOf(problem) }],
  });
  return (
    <div class="deed">
      <Button look={look} name={name} isBusy={isPending} isDisabled={wait > 0} onClick={() => void send()}>
        {wait > 0 ? english.form.wait(wait) : action}
      </Button>
      {(isOffline || faults.length > 0) && (
        <Notice kind="danger" isAlert>
          {isOffline ? <p>{english.form.offlineDeed}</p> : faults.map(({ message }) => <p key={message}>{message}</p>)}
        </Notice>
      )}
      <p role="status" class="visually-hidden">
        {status}
      </p>
    </div>
  );
}
