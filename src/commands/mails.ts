import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '../platform/config/config.ts';
import { ConfigurationError, processEnvironment } from '../platform/config/env.ts';
import { english } from '../platform/mail/english.ts';
import { previewMails } from '../platform/mail/preview.ts';
import { readArguments } from '../process/arguments.ts';
import { CommandError } from '../process/failure.ts';

/** `mails print` prints the English sentences, to be translated; `mails preview` writes what each mail looks like. */
export async function runMails(args: string[]): Promise<void> {
  const [action, directory = ''] = readArguments('mails', args, {}).positionals;
  if (action === 'preview') await preview(directory);
  else process.stdout.write(`${JSON.stringify(english, undefined, 2)}\n`);
}

async function preview(directory: string): Promise<void> {
  // Variables that mails don't depend on may be missing or wrong.
  const { config, problems } = readConfig(processEnvironment());
  const ofMails = problems.filter((problem) => /^(MAIL_|LINKS_|SERVICE_)/.test(problem));
  if (ofMails.length > 0) throw new ConfigurationError(ofMails);
  try {
    await mkdir(directory, { recursive: true });
    for (const { name, subject, text, html } of previewMails(config)) {
      await writeFile(path.join(directory, `${name}.html`), html);
      await writeFile(path.join(directory, `${name}.txt`), `${subject}\n\n${text}`);
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CommandError(
      `nothing can be written to ${directory} (${code}); name a directory that this user can write to`,
    );
  }
  process.stdout.write(`wrote each mail as a page and as text to ${directory}\n`);
}
