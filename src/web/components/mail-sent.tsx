import type { ComponentChildren } from 'preact';
import { english } from '../english.ts';
import { Page } from './page.tsx';
import { SendAgain } from './send-again.tsx';

export interface MailSentProps {
  readonly title: string;
  /** Where the mail went; every second part stands out. */
  readonly lead: readonly string[];
  readonly sendAgain: () => Promise<void>;
  /** How to go on once the mail is there. */
  readonly children?: ComponentChildren;
  /** What else to do if it does not arrive. */
  readonly others?: ComponentChildren;
}

/** Says where a mail went, and what to do if none arrives. */
export function MailSent({ title, lead, sendAgain, children, others }: MailSentProps) {
  return (
    <Page title={title} lead={lead}>
      {children}
      <div class="stack tight">
        <p class="note small">{english.mailHint}</p>
        <SendAgain send={sendAgain} />
        {others}
      </div>
    </Page>
  );
}
