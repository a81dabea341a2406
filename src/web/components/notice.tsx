import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  readonly kind?: 'plain' | 'danger' | 'success';
  /** Read out at once, since it interrupts what somebody does. */
  readonly isAlert?: boolean;
  readonly children: ComponentChildren;
}

/** Something to know, set apart from what there is to do. */
export function Notice({ kind = 'plain', isAlert = false, children }: NoticeProps) {
  return (
    <div class={kind === 'plain' ? 'notice' : `notice ${kind}`} role={isAlert ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
