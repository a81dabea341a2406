import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '../platform/config/config.ts';
import { ConfigurationError, processEnvironment } from '../platform/config/env.ts';
import { english } from '../platform/mail/english.ts';
import { previewMails } from '../platform/mail/preview.ts';
import { readArguments, UsageError } from '../process/usage.ts';

/** `mails print` prints the English sentences, to be translated; `mails preview` writes what each mail looks like. */
export async function runMails(args: string[]): Promise<void> {
  const [action, directory, ...rest] = readArguments('mails', args, {}).positionals;
  if (action === 'print' && directory === undefined) process.stdout.write(`${JSON.stringify(english, undefined, 2)}\n`);
  else if (action === 'preview' && directory !== undefined && rest.length === 0) await preview(directory);
  else throw new UsageError('mails');
}

async function preview(directory: string): Promise<void> {
  // Variables that mails don't depend on may be missing or wrong.
  const { config, problems } = readConfig(processEnvironment());
  const ofMails = problems.filter((problem) => /^(MAIL_|LINKS_|SERVICE_)/.test(problem));
  if (ofMails.length > 0) throw new ConfigurationError(ofMails);
  await mkdir(directory, { recursive: true });
  for (const { name, subject, text, html } of previewMails(config)) {
    await writeFile(path.join(directory, `${name}.html`), html);
    await writeFile(path.join(directory, `${name}.txt`), `${subject}\n\n${text}`);
  }
  process.stdout.write(`wrote each mail as a page and as text to ${directory}\n`);
}
