import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { useArrival } from '../../arrival.ts';
import { EmailField, NameField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { useIdempotencyKey } from '../../components/idempotency-key.ts';
import { Page } from '../../components/page.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import { ConfirmationStep, type Registrant } from './confirmation-step.tsx';

const text = english.register;

/** Creates an account, and signs in: at once, or once the address is confirmed, as the service wants it. */
export default function Register() {
  const { client, configuration, typed } = useServices();
  const arrive = useArrival();
  const [waiting, setWaiting] = useState<Registrant>();
  const keyOf = useIdempotencyKey();

  async function signIn({ email, password }: Registrant): Promise<void> {
    try {
      await client.signIn(email, password);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'email_not_verified') return setWaiting({ email, password });
      throw error;
    }
    arrive();
  }

  if (configuration.registration === 'closed') {
    return (
      <Page title={text.closedTitle} lead={text.closed}>
        <a href="/sign-in">{english.back}</a>
      </Page>
    );
  }
  if (waiting) {
    return <ConfirmationStep {...waiting} signIn={() => signIn(waiting)} startAgain={() => setWaiting(undefined)} />;
  }
  return (
    <Page title={text.title}>
      <Form
        action={text.action}
        fieldOf={{ email_taken: 'email' }}
        submit={async ({ full_name = '', email = '', password = '' }) => {
          typed.email = email;
          const account = { full_name, email, password };
          const user = await client.registerUser(account, { idempotencyKey: keyOf(account) });
          // Without an account yet, the mail completes the registration.
          if (user) await signIn({ email, password });
          else setWaiting({ email, password });
        }}
      >
        <NameField />
        <EmailField value={typed.email} />
        <NewPasswordField name="password" />
      </Form>
      <p class="note">
        {text.haveAccount} <a href="/sign-in">{text.signIn}</a>
      </p>
    </Page>
  );
}
