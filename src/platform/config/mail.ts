import { english } from '../mail/english.ts';
import type { Messages } from '../mail/messages.ts';
import type { EnvironmentReader } from './env.ts';

/** How mail is sent, but for the server's URL, which is a secret. */
export interface MailConfig {
  /** `files` writes mails into DATA_DIR/mail; `off` sends none. */
  readonly delivery: 'smtp' | 'files' | 'off';
  readonly from: { readonly name: string; readonly address: string };
  readonly messages: Messages;
}

export function readMail(
  env: EnvironmentReader,
  { production, smtpUrl, serviceName }: { production: boolean; smtpUrl: string | undefined; serviceName: string },
): MailConfig {
  return {
    delivery: smtpUrl === undefined ? (production ? 'off' : 'files') : smtpUrl === 'off' ? 'off' : 'smtp',
    from: { name: serviceName, address: env.text('MAIL_FROM') ?? 'latchkey@localhost' },
    messages: english,
  };
}
