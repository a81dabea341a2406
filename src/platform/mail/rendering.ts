import type { Config } from '../config/config.ts';
import { htmlOf } from './html.ts';
import type { Link, Mail } from './mail.ts';
import type { MailText, Messages } from './messages.ts';

/** A mail as it is sent. */
export interface RenderedMail {
  readonly to: string;
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly link: string | undefined;
}

/** The sentences of a mail, filled in; both of its forms are made of them. */
export interface FilledMail {
  readonly reason: string;
  readonly button?: { readonly label: string; readonly link: string; readonly hint: string };
  readonly expiry?: string;
  readonly advice: string;
  readonly footer: string;
}

type Rendering = Pick<Config, 'serviceName' | 'linksUrl'> & { readonly mail: Pick<Config['mail'], 'messages'> };

/** Fills in the sentences of a mail, and lays them out as plain text and as HTML. */
export function renderMail(mail: Mail, { serviceName, linksUrl, mail: { messages } }: Rendering): RenderedMail {
  const texts: MailText = messages.mails[mail.name];
  const { layout } = messages;
  const values = { ...mail.values, service: serviceName };
  const fill = (sentence: string) => fillIn(sentence, values, messages);
  const link = 'link' in mail ? linkOf(linksUrl, mail.link) : undefined;
  const filled: FilledMail = {
    reason: fill(texts.reason),
    ...(link !== undefined &&
      texts.button !== undefined && { button: { label: fill(texts.button), link, hint: fill(layout.link) } }),
    ...(texts.expiry !== undefined && { expiry: fill(texts.expiry) }),
    advice: fill(texts.advice),
    footer: fill(layout.footer),
  };
  const subject = fillIn(layout.subject, { service: serviceName, subject: fill(texts.subject) }, messages);
  return { to: mail.to, name: mail.name, subject, text: textOf(filled), html: htmlOf(subject, filled, messages), link };
}

function linkOf(linksUrl: string, { page, ...fragment }: Link): string {
  return `${linksUrl}/${page}#${new URLSearchParams(fragment).toString()}`;
}

function textOf({ reason, button, expiry, advice, footer }: FilledMail): string {
  const action = button && `${button.label}:\n${button.link}`;
  return `${[reason, action, expiry, advice, `-- \n${footer}`].filter(Boolean).join('\n\n')}\n`;
}

const maxValueLength = 100;

function fillIn(sentence: string, values: Readonly<Record<string, unknown>>, { language, layout }: Messages): string {
  return sentence.replace(/\{(\w+)(?::(\w+))?\}/g, (_found, name: string, kind?: string) => {
    const value = values[name];
    if (kind === 'duration') return formatDuration(Number(value), language);
    if (kind === 'time') return formatTime(String(value), language);
    if (typeof value !== 'string') throw new TypeError(`the sentence needs a text for {${name}}`);
    return name === 'subject' ? value : plain(value) || layout.unknown;
  });
}

/** One short line: a value may come from whoever provoked the mail. */
function plain(value: string): string {
  const line = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength)}…` : line;
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

// In the largest unit that needs no fraction.
function formatDuration(seconds: number, language: string): string {
  const [unit, size] = units.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}

// The reader's time zone is unknown.
function formatTime(time: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(time));
}
