import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Form } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { english } from '../../english.ts';
import { useFragment } from '../../fragment.ts';
import { useServices } from '../../services.ts';

const text = english.undo;

/** Gives the old address back to whoever did not want the change. It takes a click, since it ends every session. */
export default function UndoEmailChange() {
  const { client } = useServices();
  const token = useFragment().get('token');
  const [step, setStep] = useState<'link' | 'done' | 'broken'>(token === null ? 'broken' : 'link');

  async function undo(): Promise<void> {
    try {
      await client.undoEmailChange({ token: token ?? '' });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'invalid_one_time_secret') return setStep('broken');
      throw error;
    }
    setStep('done');
  }

  if (step === 'done') return <Page key={step} title={text.doneTitle} lead={text.done} />;
  if (step === 'broken') return <Page key={step} title={text.brokenTitle} lead={text.broken} />;
  return (
    <Page key={step} title={text.title} lead={text.lead}>
      <Form action={text.action} submit={undo} />
    </Page>
  );
}
