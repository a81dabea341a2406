import type { english } from './english.ts';

/** The sentences of one mail. `reason` comes first; `button` belongs to a mail with a link. */
export interface MailText {
  readonly subject: string;
  readonly reason: string;
  readonly button?: string;
  readonly expiry?: string;
  /** What to do, above all if it wasn't you. */
  readonly advice: string;
}

/** All sentences, in one language. */
export interface Messages {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly layout: Readonly<Record<keyof typeof english.layout, string>>;
  readonly mails: Readonly<Record<MailName, MailText>>;
}

type Mails = typeof english.mails;
export type MailName = keyof Mails;

type Placeholder<Text> = Text extends `${string}{${infer Found}}${infer Rest}` ? Found | Placeholder<Rest> : never;
type Placeholders<Name extends MailName> = Exclude<Placeholder<Mails[Name][keyof Mails[Name]]>, 'service'>;

/** What stands in a mail's sentences: texts, durations in seconds, times in ISO 8601. */
export type MailValues<Name extends MailName = MailName> = {
  readonly [
    Found in Placeholders<Name> as Found extends `${infer Bare}:${string}` ? Bare : Found
  ]: Found extends `${string}:duration` ? number : string;
};

/** The mails with a button, and so with a link. */
export type LinkMailName = { [Name in MailName]: Mails[Name] extends { button: string } ? Name : never }[MailName];

/** The mails that only tell something. */
export type NoticeName = Exclude<MailName, LinkMailName>;
