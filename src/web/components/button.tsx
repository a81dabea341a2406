import type { ComponentChildren } from 'preact';

export interface ButtonProps {
  readonly type?: 'submit' | 'button';
  readonly look?: 'primary' | 'danger' | 'secondary' | 'link';
  /** For screen readers, where many buttons say the same; holds what the button says. */
  readonly name?: string | undefined;
  readonly isBusy?: boolean;
  /** Looks and sounds disabled, but keeps the focus. */
  readonly isDisabled?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

const classes = { primary: 'button', danger: 'button danger', secondary: 'button secondary', link: 'link' };

export function Button({
  type = 'button',
  look = 'primary',
  name,
  isBusy,
  isDisabled,
  onClick,
  children,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={classes[look]}
      aria-label={name}
      aria-busy={isBusy === true ? 'true' : undefined}
      aria-disabled={isDisabled === true ? 'true' : undefined}
      onClick={() => {
        if (isDisabled !== true && isBusy !== true) onClick?.();
      }}
    >
      {children}
    </button>
  );
}
