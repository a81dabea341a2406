import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { EmailForm } from '../../components/email-form.tsx';
import { Form } from '../../components/form.tsx';
import { MailSent } from '../../components/mail-sent.tsx';
import { Page } from '../../components/page.tsx';
import { announceConfirmation } from '../../confirmations.ts';
import { english } from '../../english.ts';
import { useFragment } from '../../fragment.ts';
import { useServices } from '../../services.ts';

const text = english.verify;

type Step = 'link' | 'done' | 'broken' | 'sent';

/**
 * Proves an address by the link of a mail. It takes a click, since programs that look through mails open links too, and must not prove
 * the address of somebody who never registered.
 */
export default function VerifyEmail() {
  const { client, typed } = useServices();
  const token = useFragment().get('token');
  const [step, setStep] = useState<Step>(token === null ? 'broken' : 'link');
  const [isSignedIn, setSignedIn] = useState(false);
  const resend = (email: string) => client.resendVerification({ email });

  async function verify(): Promise<void> {
    try {
      await client.verifyEmail({ token: token ?? '' });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'invalid_one_time_secret') return setStep('broken');
      throw error;
    }
    announceConfirmation();
    setSignedIn(await client.isSignedIn().catch(() => false));
    setStep('done');
  }

  if (step === 'done') {
    return (
      <Page key={step} title={text.doneTitle} lead={isSignedIn ? undefined : text.done}>
        <a class="button" href={isSignedIn ? '/account' : '/sign-in'}>
          {isSignedIn ? text.account : text.signIn}
        </a>
      </Page>
    );
  }
  if (step === 'sent') {
    return <MailSent title={text.sentTitle} lead={text.sent(typed.email)} sendAgain={() => resend(typed.email)} />;
  }
  if (step === 'broken') {
    return (
      <Page key={step} title={text.brokenTitle} lead={token === null ? text.incomplete : text.broken}>
        <EmailForm action={text.sendAnother} send={(email) => resend(email).then(() => setStep('sent'))} />
      </Page>
    );
  }
  return (
    <Page key={step} title={text.title} lead={text.lead}>
      <Form action={text.action} submit={verify} />
    </Page>
  );
}
