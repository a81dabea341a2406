/** What mails say and look like, whatever stands in their values. */
import { expect } from 'chai';
import { loadConfig } from '../../../src/platform/config/config.ts';
import type { Mail } from '../../../src/platform/mail/mail.ts';
import { previewMails } from '../../../src/platform/mail/preview.ts';
import { renderMail } from '../../../src/platform/mail/rendering.ts';
import { usual, type Variables } from '../platform/environments.ts';

const load = (changes: Variables = {}) => loadConfig({ ...usual, ...changes }).config;
const token = `lks_${'aZ0-'.repeat(11)}`.slice(0, 47);
const reset: Mail = {
  to: 'ada@example.com',
  name: 'password_reset',
  values: { expires_in: 1800 },
  link: { page: 'reset-password', token },
};

describe('a mail', () => {
  it('has the service in its subject, one link, and the same sentences in both forms', () => {
    const { subject, text, html, link } = renderMail(reset, load({ LINKS_URL: 'https://app.example.com/account' }));

    expect(link).to.equal(`https://app.example.com/account/reset-password#token=${token}`);
    expect(subject).to.match(/^Latchkey: \w/);
    const links = (source: string) => [...new Set(source.match(/https?:[^\s"<]+/g))];
    expect(links(text)).to.deep.equal([link]);
    expect(links(html)).to.deep.equal([link]);
    expect(html.match(/<a /g)).to.have.length(2);
    for (const sentence of ['expires in 30 minutes', 'Your password has not changed']) {
      expect(text).to.include(sentence);
      expect(html).to.include(sentence);
    }
  });

  it('as text gives the reason first, then the link on a line of its own', () => {
    const { text } = renderMail(reset, load());

    const lines = text.split('\n');
    expect(lines[0]).to.match(/^Somebody asked/);
    expect(lines).to.include(`http://127.0.0.1:8000/reset-password#token=${token}`);
    expect(text).not.to.match(/[<>]/);
  });

  it('loads nothing, follows nobody, and fits a phone in the dark', () => {
    for (const { html } of previewMails(load())) {
      expect(html).not.to.match(/<img|<script|<link|<iframe|url\(|@import|https?:\/\/(?!127\.0\.0\.1)/);
      expect(html).to.include('<meta name="color-scheme" content="light dark">');
      expect(html).to.include('<meta name="supported-color-schemes" content="light dark">');
      expect(html).to.include('prefers-color-scheme:dark').and.include('<table role="presentation"');
      expect(html.length, 'Gmail clips what is longer').to.be.below(20_000);
    }
  });

  it('has links that no client breaks', () => {
    const longest = load({ LINKS_URL: `https://app.example.com/${'a'.repeat(75)}` });

    for (const { link } of previewMails(longest)) expect(link?.length ?? 0).to.be.below(200);
  });

  it("escapes the service's name, and keeps it to one line", () => {
    const config = load({ SERVICE_NAME: `<b>"Ada's" & Co {at}</b>` });

    const { html, subject, text } = renderMail(reset, config);

    expect(subject).to.match(/^<b>"Ada's" & Co \{at\}<\/b>: /);
    expect(text).to.include(`at <b>"Ada's" & Co {at}</b>`);
    expect(html).not.to.match(/<b>|Ada's|& Co/);
  });

  it('shows durations and times in words, in UTC', () => {
    const say = (seconds: number) => renderMail({ ...reset, values: { expires_in: seconds } }, load()).text;

    expect(say(60)).to.include('in 1 minute.');
    expect(say(5400)).to.include('in 90 minutes.');
    expect(say(7200)).to.include('in 2 hours.');
    expect(say(172_800)).to.include('in 2 days.');
    expect(say(45)).to.include('in 45 seconds.');
    const changed: Mail = {
      to: 'ada@example.com',
      name: 'password_changed',
      values: { at: '2026-05-03T09:41:00.000Z' },
    };
    expect(renderMail(changed, load()).text).to.match(/ on May 3, 2026(,| at) 9:41\sAM UTC\./);
  });
});
