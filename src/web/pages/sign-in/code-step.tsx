import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { CodeField } from '../../components/code-field.tsx';
import { EmailField, HiddenUsername } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { SendAgain } from '../../components/send-again.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { StepProps } from './page.tsx';

const text = english.code;

interface CodeStepProps extends StepProps {
  readonly email: string;
  readonly code?: string | undefined;
}

/** Asks for the address, if nobody typed it yet, mails a code to it, and asks for that. The link of the mail brings both. */
export function CodeStep({ email, code, goTo, signIn }: CodeStepProps) {
  const { client, typed } = useServices();
  const [isSent, setSent] = useState(code !== undefined);
  const request = (to: string) => client.requestLoginCode({ email: to });

  if (!isSent) {
    return (
      <Page key="address" title={text.addressTitle} lead={text.addressLead}>
        <Form
          action={text.send}
          submit={async ({ email: to = '' }) => {
            await request(to);
            typed.email = to;
            setSent(true);
          }}
        >
          <EmailField value={email} />
        </Form>
        <BackToSignIn goTo={goTo} />
      </Page>
    );
  }
  const address = code === undefined ? typed.email : email;
  return (
    <Page key="code" title={text.title} lead={code === undefined ? text.lead(address) : text.fromLink(address)}>
      <Form
        action={text.action}
        fieldOf={{ invalid_code: 'code' }}
        submit={({ code: given = '' }) => signIn(() => client.signInWithCode(address, given), { email: address })}
      >
        <HiddenUsername value={address} />
        <CodeField value={code} />
      </Form>
      <div class="stack tight">
        {code === undefined && <p class="note small">{english.mailHint}</p>}
        <SendAgain send={() => request(address)} />
        <BackToSignIn goTo={goTo} />
      </div>
    </Page>
  );
}

function BackToSignIn({ goTo }: Pick<StepProps, 'goTo'>) {
  return (
    <Button look="link" onClick={() => goTo({ name: 'first' })}>
      {english.back}
    </Button>
  );
}
