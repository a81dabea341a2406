import { useEffect, useRef } from 'preact/hooks';
import { english } from '../english.ts';
import { Field } from './field.tsx';

export interface CodeFieldProps {
  readonly kind?: 'digits' | 'recovery';
  readonly value?: string | undefined;
}

/** A code that works once: one field, in which spaces and dashes of a pasted one are dropped. It takes the focus. */
export function CodeField({ kind = 'digits', value }: CodeFieldProps) {
  const place = useRef<HTMLInputElement>(null);
  useEffect(() => place.current?.focus(), []);
  const isDigits = kind === 'digits';
  return (
    <Field
      name="code"
      label={isDigits ? english.fields.code : english.fields.recovery_code}
      hint={isDigits ? english.hints.code : english.hints.recovery_code}
    >
      {(input) => (
        <input
          {...input}
          ref={place}
          class="code"
          type="text"
          inputMode={isDigits ? 'numeric' : 'text'}
          autoComplete={isDigits ? 'one-time-code' : 'off'}
          autoCapitalize={isDigits ? 'none' : 'characters'}
          autoCorrect="off"
          spellcheck={false}
          defaultValue={value}
          onInput={({ currentTarget }) => {
            const clean = currentTarget.value.replaceAll(/[\s\u2010-\u2015-]/g, '');
            if (isDigits && clean !== currentTarget.value) currentTarget.value = clean;
          }}
        />
      )}
    </Field>
  );
}
