import { useId } from 'preact/hooks';

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  /** What can be chosen, by its value. */
  readonly options: Readonly<Record<string, string>>;
  readonly choose: (value: string) => void;
  /** In a form, as in the body of the contract's operation. */
  readonly name?: string;
  readonly hint?: string;
}

/** One of a few. */
export function Select({ label, value, options, choose, name, hint }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <select
        id={id}
        name={name}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {Object.entries(options).map(([option, says]) => (
          <option key={option} value={option} selected={option === value}>
            {says}
          </option>
        ))}
      </select>
    </div>
  );
}
