import type { Config } from '../config/config.ts';
import type { Mail } from './mail.ts';
import type { MailName } from './messages.ts';
import { renderMail, type RenderedMail } from './rendering.ts';

/** Every mail, with made-up values. */
export function previewMails(config: Config): RenderedMail[] {
  const { mails } = config.mail.messages;
  return (Object.keys(mails) as MailName[]).map((name) => {
    const sentences = Object.values(mails[name]).join(' ');
    const placeholders = [...sentences.matchAll(/\{(\w+)(?::(\w+))?\}/g)];
    const values = Object.fromEntries(placeholders.map(([, value = '', kind]) => [value, sampleOf(value, kind)]));
    const link = { page: name.replaceAll('_', '-'), token: `lks_${'x'.repeat(43)}` };
    return renderMail({ to: 'ada@example.com', name, values, link } as unknown as Mail, config);
  });
}

const samples: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  device: 'Firefox on Windows',
  ip_address: '203.0.113.7',
};

function sampleOf(name: string, kind: string | undefined): string | number {
  if (kind === 'duration') return 1800;
  return kind === 'time' ? '2026-05-03T09:41:00.000Z' : (samples[name] ?? name);
}
