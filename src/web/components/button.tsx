import type { ComponentChildren } from 'preact';

export interface ButtonProps {
  readonly type?: 'submit' | 'button';
  readonly look?: 'primary' | 'secondary' | 'link';
  readonly isBusy?: boolean;
  /** Looks and sounds disabled, but keeps the focus. */
  readonly isDisabled?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

const classes = { primary: 'button', secondary: 'button secondary', link: 'link' };

export function Button({ type = 'button', look = 'primary', isBusy, isDisabled, onClick, children }: ButtonProps) {
  return (
    <button
      type={type}
      class={classes[look]}
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
