/** A process that sends the mails of DATABASE_URL to SMTP_URL, to be killed. */
import { loadConfig } from '../../src/platform/config/config.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { createJobQueue } from '../../src/platform/jobs/queue.ts';
import { startJobWorker } from '../../src/platform/jobs/worker.ts';
import { createLog } from '../../src/platform/log/log.ts';
import { createMailJobs } from '../../src/platform/mail/mail.ts';

const { config, secrets } = loadConfig(process.env);
const database = openDatabase(process.env['DATABASE_URL']!, config.database);
const log = createLog({ level: 'silent', format: 'json' });
const { job } = createMailJobs({ config, database, log, smtpUrl: secrets.smtpUrl });

startJobWorker({
  database,
  queue: createJobQueue(),
  handlers: [
    job({
      name: 'send_test',
      compose: async ({ to }) => ({
        to: String(to),
        name: 'password_changed',
        values: { at: new Date().toISOString() },
      }),
    }),
  ],
  log,
  record: () => {},
  pollMs: 20,
  leaseSeconds: 1,
});
