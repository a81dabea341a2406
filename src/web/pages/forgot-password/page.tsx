import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { EmailForm } from '../../components/email-form.tsx';
import { MailSent } from '../../components/mail-sent.tsx';
import { Page } from '../../components/page.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';

const text = english.forgot;

/** Mails a link to choose a new password. It says the same for every address, known or not. */
export default function ForgotPassword() {
  const { client, typed } = useServices();
  const [isSent, setSent] = useState(false);
  const request = (email: string) => client.requestPasswordReset({ email });

  if (isSent) {
    return (
      <MailSent
        key="sent"
        title={text.sentTitle}
        lead={text.sent(typed.email)}
        sendAgain={() => request(typed.email)}
        others={
          <>
            <Button look="link" onClick={() => setSent(false)}>
              {english.otherAddress}
            </Button>
            <a href="/sign-in">{english.back}</a>
          </>
        }
      />
    );
  }
  return (
    <Page key="address" title={text.title} lead={text.lead}>
      <EmailForm action={text.action} send={(email) => request(email).then(() => setSent(true))} />
      <a href="/sign-in">{english.back}</a>
    </Page>
  );
}
