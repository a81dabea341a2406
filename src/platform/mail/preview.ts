import type { Config } from '../config/config.ts';
import type { Mail } from './mail.ts';
import type { MailName } from './messages.ts';
import { renderMail, type RenderedMail } from './rendering.ts';

const pages: Partial<Record<MailName, string>> = {
  password_reset: 'reset-password',
  invitation: 'reset-password',
  account_exists: 'reset-password',
  login_code: 'sign-in',
  email_change_undo: 'undo-email-change',
};

/** Every mail, with made-up values. */
export function previewMails(config: Config): RenderedMail[] {
  const { mails } = config.mail.messages;
  return (Object.keys(mails) as MailName[]).map((name) => {
    const sentences = Object.values(mails[name]).join(' ');
    const placeholders = [...sentences.matchAll(/\{(\w+)(?::(\w+))?\}/g)];
    const isCode = placeholders.some(([, value]) => value === 'code');
    const seconds = isCode ? 600 : 3600;
    const values = Object.fromEntries(
      placeholders.map(([, value = '', kind]) => [value, kind === 'duration' ? seconds : sampleOf(value, kind)]),
    );
    const to = 'ada@example.com';
    const secret = isCode ? { email: to, code: samples['code'] } : { token: `lks_${'x'.repeat(43)}` };
    const link = { page: pages[name] ?? 'verify-email', ...secret };
    return renderMail({ to, name, values, link } as unknown as Mail, config);
  });
}

const samples: Readonly<Record<string, string>> = {
  until: '2026-06-02T09:41:00.000Z',
  browser: 'Firefox 140',
  device: 'Windows',
  address: '203.0.113.7',
  code: '804615',
  from: 'user',
  to: 'moderator',
};

function sampleOf(name: string, kind: string | undefined): string {
  return samples[name] ?? (kind === 'time' ? '2026-05-03T09:41:00.000Z' : name);
}
