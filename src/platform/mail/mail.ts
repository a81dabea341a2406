import type { Config } from '../config/config.ts';
import type { Database, Db } from '../database/database.ts';
import type { JobHandler, Payload } from '../jobs/job.ts';
import type { Log } from '../log/log.ts';
import { createDelivery } from './delivery.ts';
import type { LinkMailName, MailName, MailValues, NoticeName } from './messages.ts';
import { renderMail } from './rendering.ts';

/** A mail to one address, by the name of its sentences. */
export type Mail = { [Name in LinkMailName]: Addressed<Name> & { readonly link: Link } }[LinkMailName] | Notice;

/** A mail without a link. */
export type Notice = { [Name in NoticeName]: Addressed<Name> }[NoticeName];

interface Addressed<Name extends MailName> {
  readonly to: string;
  readonly name: Name;
  readonly values: MailValues<Name>;
}

/** Where the button leads: `LINKS_URL/page#token=…` or `#email=…&code=…`, since a fragment is in no server's log. */
export type Link = { readonly page: string } & (
  | {
      /** The one-time secret. */
      readonly token: string;
    }
  | { readonly email: string; readonly code: string }
);

/** How features send mail. */
export interface MailJobs {
  /** False if SMTP_URL is off: all mails are dropped. */
  readonly isSent: boolean;
  /**
   * The job that sends a mail. `compose` runs with each attempt, in a transaction that commits before the mail is sent; it makes the
   * one-time secrets, since payloads hold none. If a server accepted a mail and we never learnt it, it may drop the next attempt as a
   * duplicate, so secrets of earlier attempts must stay valid. `undefined` means that there is nothing left to send.
   */
  readonly job: (handler: {
    /** Alerts recognise mails by the beginning of their jobs' names. */
    readonly name: `send_${string}`;
    readonly compose: (payload: Payload, db: Db) => Promise<Mail | undefined>;
  }) => JobHandler;
}

// With the pauses between them, about a day.
const maxAttempts = 34;
const maxDeliveryMs = 45_000;

export function createMailJobs({
  config,
  database,
  log,
  smtpUrl,
}: {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  readonly smtpUrl: string | undefined;
}): MailJobs {
  const delivery = createDelivery(config, smtpUrl, log);
  return {
    isSent: smtpUrl !== 'off',
    job: ({ name, compose }) => ({
      name,
      maxAttempts,
      lane: 'mail',
      async run(payload, { jobId, signal }) {
        const mail = await database.transaction((db) => compose(payload, db));
        if (!mail) return;
        // A server that stops waits for a mail that is on its way, which might arrive twice if it were cut off.
        signal.throwIfAborted();
        await delivery.deliver(renderMail(mail, config), jobId, AbortSignal.timeout(maxDeliveryMs));
      },
    }),
  };
}
