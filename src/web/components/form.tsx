import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { english } from '../english.ts';
import { faultOfInput, faultsOf, type Fault, type FieldsOfProblems, type Rules } from '../problems.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { useSubmission } from './submission.ts';

/** What a form was filled with, by the names of its fields. */
export type Values = Readonly<Record<string, string>>;

export interface FormProps {
  /** Sends what was typed; what it throws appears at the fields it is about, and on top. */
  readonly submit: (values: Values) => Promise<void>;
  /** What the button says. */
  readonly action: string;
  /** The fields of problems that name none, by the problems' codes. */
  readonly fieldOf?: FieldsOfProblems;
  /** What it says about what is typed, unless the account belongs to who fills it in. */
  readonly rules?: Rules;
  /** Tells the ids of its fields from those of other forms of the page. */
  readonly name?: string;
  readonly look?: 'primary' | 'danger';
  /** Closes the form without sending it. */
  readonly cancel?: (() => void) | undefined;
  readonly children?: ComponentChildren;
}

interface FormContext {
  readonly name?: string | undefined;
  readonly faults: ReadonlyMap<string, string>;
}

const FormContext = createContext<FormContext>({ faults: new Map() });

/** The id of the field of this name in the form around, and what is wrong with it. */
export function useFormField(field: string): { readonly id: string; readonly fault: string | undefined } {
  const { name, faults } = useContext(FormContext);
  return { id: name === undefined ? field : `${name}-${field}`, fault: faults.get(field) };
}

/** A form with one button, errors on top and at the fields, and no lost input: fields keep what was typed, whatever goes wrong. */
export function Form({
  submit,
  action,
  fieldOf = {},
  rules = english.rules,
  name,
  look = 'primary',
  cancel,
  children,
}: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const { isPending, isOffline, wait, status, faults, send } = useSubmission({
    check: () => inputsOf(form.current).flatMap((input) => faultOfInput(input, labelOf(input), rules) ?? []),
    submit: () => submit(valuesOf(form.current)),
    describe: (problem) => {
      const labels = new Map(inputsOf(form.current).map((input) => [input.name, labelOf(input)]));
      return faultsOf(problem, labels, fieldOf, rules);
    },
  });

  useEffect(() => {
    if (faults.length === 0) return undefined;
    const { title } = document;
    document.title = english.form.errorTitle(title);
    const [first] = faults;
    // A single field to mend takes the focus at once; a list of them is read first.
    if (faults.length === 1 && first?.field !== undefined) focusField(form.current, first.field);
    else summary.current?.focus();
    return () => {
      document.title = title;
    };
  }, [faults]);

  const byField = useMemo(
    () => new Map(faults.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message] as const]))),
    [faults],
  );

  return (
    <form
      class="stack"
      method="post"
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {faults.length > 0 && (
        <Summary faults={faults} place={summary} focus={(name) => focusField(form.current, name)} />
      )}
      {isOffline && (
        <Notice kind="danger" isAlert>
          <p>{english.form.offline}</p>
        </Notice>
      )}
      <FormContext.Provider value={{ name, faults: byField }}>{children}</FormContext.Provider>
      <div class="actions">
        <Button type="submit" look={look} isBusy={isPending} isDisabled={wait > 0}>
          {wait > 0 ? english.form.wait(wait) : isOffline ? english.form.tryNow : action}
        </Button>
        {cancel && (
          <Button look="secondary" onClick={cancel}>
            {english.form.cancel}
          </Button>
        )}
      </div>
      <p role="status" class={wait > 0 ? 'note small' : 'visually-hidden'}>
        {status}
      </p>
    </form>
  );
}

interface SummaryProps {
  readonly faults: readonly Fault[];
  readonly place: { current: HTMLDivElement | null };
  readonly focus: (name: string) => void;
}

function Summary({ faults, place, focus }: SummaryProps) {
  const heading = faults.length === 1 ? english.form.summary : english.form.summaryOfMany(faults.length);
  return (
    <div class="notice danger" role="alert" tabIndex={-1} ref={place}>
      <h2>{heading}</h2>
      <ul>
        {faults.map(({ field, message }) => (
          <li key={`${field ?? ''} ${message}`}>
            {field === undefined ? (
              message
            ) : (
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  focus(field);
                }}
              >
                {message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

type Input = HTMLInputElement | HTMLSelectElement;

function inputsOf(form: HTMLFormElement | null): Input[] {
  return Array.from(form?.elements ?? []).filter(
    (element) => element instanceof HTMLInputElement || element instanceof HTMLSelectElement,
  );
}

function labelOf(input: Input): string {
  return input.labels?.[0]?.textContent ?? input.name;
}

function valuesOf(form: HTMLFormElement | null): Values {
  const given = inputsOf(form).filter((input) => input.type !== 'radio' || ('checked' in input && input.checked));
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

function focusField(form: HTMLFormElement | null, name: string): void {
  inputsOf(form)
    .find((input) => input.name === name)
    ?.focus();
}
