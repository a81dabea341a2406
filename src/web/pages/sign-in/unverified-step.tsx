import { useEffect } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { SendAgain } from '../../components/send-again.tsx';
import { onConfirmation } from '../../confirmations.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { StepProps } from './page.tsx';

interface UnverifiedStepProps extends StepProps {
  readonly email: string;
  readonly password: string;
}

/** Waits until the address is confirmed, perhaps in another tab, and goes on. */
export function UnverifiedStep({ email, password, goTo, signIn }: UnverifiedStepProps) {
  const { client } = useServices();

  useEffect(
    () =>
      onConfirmation(() => {
        signIn(() => client.signIn(email, password), { email, password }).catch((error: unknown) => {
          if (error instanceof ProblemError) goTo({ name: 'first' });
        });
      }),
    [],
  );

  return (
    <Page title={english.signIn.unverifiedTitle} lead={english.signIn.unverified(email)}>
      <div class="stack tight">
        <p class="note small">{english.mailHint}</p>
        <SendAgain send={() => client.resendVerification({ email })} />
        <Button look="link" onClick={() => goTo({ name: 'first' })}>
          {english.back}
        </Button>
      </div>
    </Page>
  );
}
