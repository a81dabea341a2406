import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Button } from '../../components/button.tsx';
import { MailSent } from '../../components/mail-sent.tsx';
import { Notice } from '../../components/notice.tsx';
import { onConfirmation } from '../../confirmations.ts';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { useServices } from '../../services.ts';

const text = english.register;

/** Who registered, with the password that this tab signs in with afterwards. */
export interface Registrant {
  readonly email: string;
  readonly password: string;
}

interface ConfirmationStepProps extends Registrant {
  readonly signIn: () => Promise<void>;
  readonly startAgain: () => void;
}

/** Waits until the link of the mail is opened in another tab, and goes on; or says how to go on elsewhere. */
export function ConfirmationStep({ email, signIn, startAgain }: ConfirmationStepProps) {
  const { client } = useServices();
  const [fault, setFault] = useState<string>();

  async function goOn(): Promise<void> {
    try {
      setFault(undefined);
      await signIn();
    } catch (error) {
      const isEarly = error instanceof ProblemError && error.code === 'invalid_credentials';
      if (isEarly) setFault(text.notYet);
      else setFault(error instanceof ProblemError ? messageOf(error) : english.form.offline);
    }
  }

  const latest = useRef(goOn);
  latest.current = goOn;
  useEffect(() => onConfirmation(() => void latest.current()), []);

  return (
    <MailSent
      title={text.mailTitle}
      lead={text.mail(email)}
      sendAgain={() => client.resendVerification({ email })}
      others={
        <Button look="link" onClick={startAgain}>
          {english.otherAddress}
        </Button>
      }
    >
      <p class="note">{text.mailWaits}</p>
      {fault !== undefined && (
        <Notice kind="danger" isAlert>
          <p>{fault}</p>
        </Notice>
      )}
      <Button look="secondary" onClick={() => void goOn()}>
        {text.goOn}
      </Button>
    </MailSent>
  );
}
