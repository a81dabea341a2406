import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, type ButtonProps } from './button.tsx';

export interface InPlaceProps {
  /** What the button says that opens it. */
  readonly action: string;
  /** Its name for screen readers, where many buttons say the same. */
  readonly name?: string;
  readonly look?: NonNullable<ButtonProps['look']>;
  /** Whether it is open from the start, since another part of the page led here. */
  readonly startsOpen?: boolean;
  readonly onOpen?: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that gives way to a form, which takes the focus, and gives it back when it closes. */
export function InPlace({ action, name, look = 'secondary', startsOpen = false, onOpen, children }: InPlaceProps) {
  const [isOpen, setOpen] = useState(startsOpen);
  const place = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    const wanted = isOpen ? 'input:not([hidden]), button' : 'button';
    // The focus is nowhere once what had it is gone, unless another part of the page has taken it.
    const isLost = document.activeElement === document.body;
    if (isOpen || (wasOpen.current && isLost)) place.current?.querySelector<HTMLElement>(wanted)?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  function open(): void {
    onOpen?.();
    setOpen(true);
  }

  return (
    <div ref={place}>
      {isOpen ? (
        <div class="in-place">{children(() => setOpen(false))}</div>
      ) : (
        <Button look={look} name={name} onClick={open}>
          {action}
        </Button>
      )}
    </div>
  );
}
