/** The mails of a test's server: its jobs run when the test says so, and what they send is read from DATA_DIR/mail. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { v7 as createId } from 'uuid';
import { listOf } from '../../src/features/features.ts';
import { attemptJob } from '../../src/platform/jobs/attempt.ts';
import { leaseJobs } from '../../src/platform/jobs/jobs.repository.ts';
import type { TestApp } from './app.ts';
import { parseMessage, type ParsedMessage } from './mime.ts';

export interface SentMail extends ParsedMessage {
  /** The name of its sentences, such as `password_changed`. */
  readonly name: string;
  /** The link of its button, and the one-time secret in it. */
  readonly link: string | undefined;
  readonly token: string | undefined;
  /** The code in it. */
  readonly code: string | undefined;
}

/** Runs the jobs that are due, and returns the mails that they sent, oldest job first. */
export async function deliverMails({ context }: Pick<TestApp, 'context'>): Promise<SentMail[]> {
  const { database, features, config } = context;
  const handlers = new Map(listOf(features, 'jobs').map((handler) => [handler.name, handler]));
  const leaseSeconds = 60;
  const lease = { names: [...handlers.keys()], limit: 100, leaseSeconds };
  for (;;) {
    const leased = await leaseJobs(database.pool, createId(), lease);
    for (const job of leased) {
      const options = { controller: new AbortController(), leaseSeconds };
      const { outcome, error } = await attemptJob(database, job, handlers.get(job.name)!, options);
      if (outcome !== 'done') throw new Error(`the job ${job.name} ${outcome}`, { cause: error });
    }
    if (leased.length === 0) return readMails(path.join(config.dataDirectory, 'mail'));
  }
}

async function readMails(directory: string): Promise<SentMail[]> {
  await mkdir(directory, { recursive: true });
  const files = (await readdir(directory)).sort();
  return Promise.all(
    files.map(async (file) => {
      const message = parseMessage(await readFile(path.join(directory, file), 'utf8'));
      await rm(path.join(directory, file));
      const [link] = /https?:\/\/\S+#\S+/.exec(message.text) ?? [];
      const fragment = new URLSearchParams(link?.split('#')[1]);
      const name = /-(\w+)\.eml$/.exec(file)?.[1] ?? '';
      return {
        ...message,
        name,
        link,
        token: fragment.get('token') ?? undefined,
        code: fragment.get('code') ?? undefined,
      };
    }),
  );
}
