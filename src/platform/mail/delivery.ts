import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SendMailOptions } from 'nodemailer';
import type { Config } from '../config/config.ts';
import { FinalError } from '../jobs/job.ts';
import type { Log } from '../log/log.ts';
import type { RenderedMail } from './rendering.ts';
import { smtpOptions } from './smtp.ts';

/** Delivers mails. */
export interface Delivery {
  /** Throws if the mail was not accepted, a FinalError if it never will be. `id` is the same for each attempt. */
  deliver(mail: RenderedMail, id: string, signal: AbortSignal): Promise<void>;
}

/** Delivers through the SMTP server; to files if there is none, as in development; or nowhere, if SMTP_URL is off. */
export function createDelivery(config: Config, smtpUrl: string | undefined, log: Log): Delivery {
  if (smtpUrl === undefined) return createFileDelivery(config, log);
  return smtpUrl === 'off' ? { deliver: async () => {} } : createSmtpDelivery(config, smtpUrl);
}

// nodemailer is loaded when the first mail is sent: most processes send none.
function createSmtpDelivery(config: Config, smtpUrl: string): Delivery {
  return {
    async deliver(mail, id, signal) {
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(smtpOptions(smtpUrl));
      try {
        await transport.sendMail({ ...messageOf(mail, config, id), signal });
      } catch (error) {
        throw isRefusal(error) ? new FinalError(error.message, { cause: error }) : error;
      } finally {
        transport.close();
      }
    },
  };
}

/** Whether the server will never accept this mail: its 5xx is about the recipient or the content. */
function isRefusal(error: unknown): error is Error {
  const { command, responseCode = 0 } = error as { command?: string; responseCode?: number };
  return error instanceof Error && (command === 'RCPT TO' || command === 'DATA') && responseCode >= 500;
}

// The link is logged for whoever tries things out; in production, SMTP_URL is required.
function createFileDelivery(config: Config, log: Log): Delivery {
  const directory = path.join(config.dataDirectory, 'mail');
  return {
    async deliver(mail, id) {
      const { createTransport } = await import('nodemailer');
      const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail(
        messageOf(mail, config, id),
      );
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = path.join(directory, `${id}-${mail.name}.eml`);
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 });
      await rename(`${file}.part`, file);
      log.info({ mail: mail.name, file, ...(mail.link !== undefined && { link: mail.link }) }, 'a mail was written');
    },
  };
}

function messageOf({ to, subject, text, html }: RenderedMail, { serviceName, mail: { from } }: Config, id: string) {
  return {
    from: { name: serviceName, address: from },
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // RFC 3834; Exchange heeds its own header.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  } satisfies SendMailOptions;
}
