import { useRef } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { EmailField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { StepProps } from './page.tsx';
import { usePasskeySignIn } from './passkeys.ts';

const text = english.signIn;

/** The address and a password; beside it, a passkey or a code by mail. */
export function FirstStep({ goTo, signIn }: StepProps) {
  const { client, configuration, typed } = useServices();
  const passkeys = usePasskeySignIn((proof) => signIn(proof, { email: typedEmail() }));
  const place = useRef<HTMLDivElement>(null);
  const { email_codes: hasCodes, registration } = configuration;

  const input = () => place.current?.querySelector<HTMLInputElement>('[name=email]') ?? undefined;
  function typedEmail(): string {
    typed.email = input()?.value.trim() ?? typed.email;
    return typed.email;
  }

  return (
    <Page title={text.title}>
      <div class="stack" ref={place}>
        {passkeys.fault !== undefined && (
          <Notice kind="danger" isAlert>
            <p>{passkeys.fault}</p>
          </Notice>
        )}
        <Form
          action={text.action}
          fieldOf={{ invalid_credentials: 'password' }}
          submit={async ({ email = '', password = '' }) => {
            typed.email = email;
            await signIn(() => client.signIn(email, password), { email, password });
          }}
        >
          <EmailField value={typed.email} autoComplete="username webauthn" />
          <PasswordField
            aside={
              <a class="small" href="/forgot-password" onClick={typedEmail}>
                {text.forgot}
              </a>
            }
          />
        </Form>
        {(passkeys.areUsable || hasCodes) && <p class="or">{text.or}</p>}
        <div class="ways">
          {passkeys.areUsable && (
            <Button look="secondary" isBusy={passkeys.isPending} onClick={passkeys.ask}>
              {text.passkey}
            </Button>
          )}
          {hasCodes && (
            <Button look="secondary" onClick={() => goTo({ name: 'code', email: typedEmail() })}>
              {text.mailCode}
            </Button>
          )}
        </div>
        {registration !== 'closed' && (
          <p class="note">
            {text.noAccount}{' '}
            <a href="/register" onClick={typedEmail}>
              {text.register}
            </a>
          </p>
        )}
      </div>
    </Page>
  );
}
