import type { ComponentChildren } from 'preact';
import { english } from '../english.ts';
import { useFormField } from './form.tsx';

/** What every input of a field needs. */
export interface InputProps {
  readonly id: string;
  readonly name: string;
  readonly required: true;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

export interface FieldProps {
  /** As in the body of the contract's operation. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Beside the label, such as a link. */
  readonly aside?: ComponentChildren;
  /** Below the input. */
  readonly below?: ComponentChildren;
  /** Ids of what else describes the input. */
  readonly describedBy?: string;
  readonly children: (input: InputProps) => ComponentChildren;
}

/** A label, a hint, what is wrong, and the input that all of these belong to. */
export function Field({ name, label, hint, aside, below, describedBy, children }: FieldProps) {
  const { id, fault } = useFormField(name);
  const [hintId, faultId] = [`${id}-hint`, `${id}-error`];
  const ids = [fault && faultId, hint && hintId, describedBy].filter(Boolean).join(' ');
  return (
    <div class="field">
      <div class="label">
        <label for={id}>{label}</label>
        {aside}
      </div>
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="error" id={faultId}>
          <span class="visually-hidden">{english.form.errorPrefix} </span>
          {fault}
        </p>
      )}
      {children({
        id,
        name,
        required: true,
        'aria-describedby': ids === '' ? undefined : ids,
        'aria-invalid': fault === undefined ? undefined : 'true',
      })}
      {below}
    </div>
  );
}

export interface EmailFieldProps {
  readonly value?: string;
  readonly label?: string;
  readonly hint?: string;
  /** Whose it is: password managers take a `username` for the name of the account, and browsers offer passkeys at `webauthn`. */
  readonly autoComplete?: 'username' | 'username webauthn' | 'email' | 'off';
}

export function EmailField({ value, label = english.fields.email, hint, autoComplete = 'username' }: EmailFieldProps) {
  return (
    <Field name="email" label={label} hint={hint}>
      {(input) => (
        <input
          {...input}
          type="email"
          inputMode="email"
          autoComplete={autoComplete}
          autoCapitalize="none"
          autoCorrect="off"
          spellcheck={false}
          defaultValue={value}
        />
      )}
    </Field>
  );
}

/** The account that a second step is about, for password managers. */
export function HiddenUsername({ value }: { readonly value: string }) {
  return <input type="email" name="username" autoComplete="username" value={value} readOnly hidden />;
}

export function NameField({ value }: { readonly value?: string }) {
  return (
    <Field name="full_name" label={english.fields.full_name} hint={english.hints.full_name}>
      {(input) => <input {...input} type="text" autoComplete="name" defaultValue={value} />}
    </Field>
  );
}
