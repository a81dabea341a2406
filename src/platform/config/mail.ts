import { isEmailAddress, normalizeEmailAddress } from '../formats/email-address.ts';
import { english } from '../mail/english.ts';
import type { Messages } from '../mail/messages.ts';
import { readTranslation, TranslationError } from '../mail/translation.ts';
import type { EnvironmentReader } from './env.ts';
import { readTextFile, UnreadableFileError } from './text-file.ts';

/** What mails contain. The server that they are sent through is a secret. */
export interface MailConfig {
  readonly from: string;
  readonly messages: Messages;
}

const maxServiceNameLength = 60;

/** What mails call the service. */
export function readServiceName(env: EnvironmentReader): string {
  const fallback = 'Latchkey';
  const text = env.text('SERVICE_NAME') ?? fallback;
  if (text.length <= maxServiceNameLength && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text;
  env.refuse('SERVICE_NAME', 'is not a name', `use at most ${maxServiceNameLength} characters, none of them invisible`);
  return fallback;
}

export function readMail(env: EnvironmentReader, production: boolean, smtpUrl: string | undefined): MailConfig {
  return { from: readFrom(env, production && smtpUrl !== undefined && smtpUrl !== 'off'), messages: readMessages(env) };
}

function readFrom(env: EnvironmentReader, isRequired: boolean): string {
  const remedy = 'give the address that mails come from, such as accounts@example.com';
  const text = env.text('MAIL_FROM');
  if (text === undefined && isRequired) env.refuse('MAIL_FROM', 'is missing', remedy);
  else if (text !== undefined && !isEmailAddress(text)) env.refuse('MAIL_FROM', `is "${text}"`, remedy);
  else if (text !== undefined) return normalizeEmailAddress(text);
  return 'latchkey@localhost';
}

function readMessages(env: EnvironmentReader): Messages {
  const name = 'MAIL_MESSAGES';
  const file = env.text(name);
  if (file === undefined) return english;
  try {
    return readTranslation(readTextFile(file));
  } catch (error) {
    if (error instanceof UnreadableFileError) {
      env.refuse(name, `names a file that cannot be read (${error.message})`, error.remedy);
    } else if (error instanceof TranslationError) {
      for (const { wrong, remedy } of error.problems) env.refuse(name, wrong, remedy);
    } else throw error;
    return english;
  }
}
