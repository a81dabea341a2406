import { useState } from 'preact/hooks';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { CodeField } from '../../components/code-field.tsx';
import { Field } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';

const text = english.factors;

export interface EnrolTotpProps {
  readonly cancel: () => void;
  /** Called once the app counts; with recovery codes if it is the first factor. */
  readonly finish: (codes: readonly string[] | undefined) => Promise<void>;
}

/** Adds an authenticator app: what it is called, what it has to know, and its first code. */
export function EnrolTotp({ cancel, finish }: EnrolTotpProps) {
  const { client } = useServices();
  const [enrolment, setEnrolment] = useState<components['schemas']['TotpEnrolment']>();
  if (!enrolment) {
    return (
      <Form
        key="name"
        name="totp"
        action={text.goOn}
        submit={async ({ name = '' }) => setEnrolment(await client.enrolTotp({ name }))}
        cancel={cancel}
      >
        <FactorNameField value={text.usualName} hint={text.nameHint} />
      </Form>
    );
  }
  const { factor_id: id, uri, secret } = enrolment;
  return (
    <Form
      key="code"
      name="totp"
      action={text.turnOn}
      submit={async ({ code = '' }) => finish((await client.confirmTotp(id, { code })).recovery_codes)}
      cancel={cancel}
    >
      <p>{text.scan}</p>
      <QrCode text={uri} name={text.qrCode} />
      <div class="stack tight">
        <p class="note small">{text.byHand}</p>
        <code class="account-key">{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </div>
      <p>{text.thenCode}</p>
      <CodeField />
    </Form>
  );
}

export function FactorNameField({ value, hint }: { readonly value: string; readonly hint?: string }) {
  return (
    <Field name="name" label={english.fields.factor_name} hint={hint}>
      {(input) => <input {...input} type="text" autoComplete="off" defaultValue={value} />}
    </Field>
  );
}
