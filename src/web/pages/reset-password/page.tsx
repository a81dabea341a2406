import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Form } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { english } from '../../english.ts';
import { useFragment } from '../../fragment.ts';
import { useServices } from '../../services.ts';

const text = english.reset;

/** Sets a new password by the link of a mail; a password that is refused leaves the link valid. */
export default function ResetPassword() {
  const { client } = useServices();
  const token = useFragment().get('token');
  const [step, setStep] = useState<'link' | 'done' | 'broken'>(token === null ? 'broken' : 'link');

  async function reset(new_password: string): Promise<void> {
    try {
      await client.resetPassword({ token: token ?? '', new_password });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'invalid_one_time_secret') return setStep('broken');
      throw error;
    }
    setStep('done');
  }

  if (step === 'done') {
    return (
      <Page key={step} title={text.doneTitle} lead={text.done}>
        <a class="button" href="/sign-in">
          {text.signIn}
        </a>
      </Page>
    );
  }
  if (step === 'broken') {
    return (
      <Page key={step} title={text.brokenTitle} lead={text.broken}>
        <a class="button" href="/forgot-password">
          {text.again}
        </a>
      </Page>
    );
  }
  return (
    <Page key={step} title={text.title} lead={text.lead}>
      <Form action={text.action} submit={({ new_password = '' }) => reset(new_password)}>
        <NewPasswordField name="new_password" />
      </Form>
    </Page>
  );
}
