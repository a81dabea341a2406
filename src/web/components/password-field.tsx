import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { english } from '../english.ts';
import { checkPassword, type KeptRules, type Owner } from '../password-rules.ts';
import { useServices } from '../services.ts';
import { Field } from './field.tsx';

interface PasswordInputProps {
  readonly name: string;
  readonly label: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly aside?: ComponentChildren;
  readonly below?: ComponentChildren;
  readonly describedBy?: string;
  readonly onInput?: (input: HTMLInputElement) => void;
}

function PasswordInput({ name, label, autoComplete, onInput, ...around }: PasswordInputProps) {
  const [isShown, setShown] = useState(false);
  const [status, setStatus] = useState('');
  const { show, hide, showName, hideName, shown, hidden } = english.password;

  function toggle(): void {
    setShown(!isShown);
    setStatus(isShown ? hidden : shown);
  }

  return (
    <Field name={name} label={label} {...around}>
      {(input) => (
        <div class="password">
          <input
            {...input}
            {...(isShown ? { type: 'text' } : { type: 'password' })}
            autoComplete={autoComplete}
            autoCapitalize="none"
            autoCorrect="off"
            spellcheck={false}
            onInput={({ currentTarget }) => onInput?.(currentTarget)}
          />
          <button type="button" aria-controls={input.id} aria-label={isShown ? hideName : showName} onClick={toggle}>
            {isShown ? hide : show}
          </button>
          <span role="status" class="visually-hidden">
            {status}
          </span>
        </div>
      )}
    </Field>
  );
}

/** The password of an account that exists. */
export function PasswordField({
  name = 'password',
  aside,
}: {
  readonly name?: 'password' | 'current_password';
  readonly aside?: ComponentChildren;
}) {
  return <PasswordInput name={name} label={english.fields[name]} autoComplete="current-password" aside={aside} />;
}

/** A password to choose, with the rules that it has to keep, ticked off while somebody types. */
export function NewPasswordField({
  name,
  owner,
  isOwn = true,
}: {
  readonly name: 'password' | 'new_password';
  /** Whether who types it is whose password it will be. */
  readonly isOwn?: boolean;
  /** Whose password it will be, where the form does not ask for that. */
  readonly owner?: Pick<Owner, 'email' | 'fullName'>;
}) {
  const { configuration } = useServices();
  const { service_name: service, password_min_length: least } = configuration;
  const [kept, setKept] = useState<KeptRules>({ length: false, personal: false, pattern: false });

  function check({ value, form }: HTMLInputElement): void {
    const typed = (other: string) => form?.querySelector<HTMLInputElement>(`[name=${other}]`)?.value ?? '';
    setKept(
      checkPassword(value, least, {
        email: owner?.email ?? typed('email'),
        fullName: owner?.fullName ?? typed('full_name'),
        service,
      }),
    );
  }

  const { rules } = english.password;
  const rulesId = `${name}-rules`;
  const list = (
    <ul class="rules" id={rulesId}>
      <Rule isKept={kept.length}>{rules.length(least)}</Rule>
      <Rule isKept={kept.personal}>{isOwn ? rules.personal(service) : rules.personalOfOthers(service)}</Rule>
      <Rule isKept={kept.pattern}>{rules.pattern}</Rule>
    </ul>
  );
  const label = english.fields[name];
  return (
    <PasswordInput
      name={name}
      label={label}
      autoComplete="new-password"
      describedBy={rulesId}
      below={list}
      onInput={check}
    />
  );
}

function Rule({ isKept, children }: { readonly isKept: boolean; readonly children: ComponentChildren }) {
  return (
    <li class={isKept ? 'kept' : ''}>
      <span>
        {children}
        <span class="visually-hidden"> ({isKept ? english.password.kept : english.password.open})</span>
      </span>
    </li>
  );
}
