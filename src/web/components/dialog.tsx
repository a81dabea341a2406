import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly title: string;
  readonly lead?: string;
  /** Whether nobody should see the page behind it. */
  readonly hidesPage?: boolean;
  /** Called when somebody presses Escape. */
  readonly cancel: () => void;
  readonly children: ComponentChildren;
}

/** Something to do before anything else on the page; the focus comes back afterwards. */
export function Dialog({ title, lead, hidesPage = false, cancel, children }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = place.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      class={hidesPage ? 'dialog alone' : 'dialog'}
      ref={place}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        cancel();
      }}
    >
      <div class="stack">
        <div class="heading">
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p class="note">{lead}</p>}
        </div>
        {children}
      </div>
    </dialog>
  );
}
