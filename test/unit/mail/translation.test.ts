/** A team's own sentences: used where they are complete, refused by name where they are not. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { english } from '../../../src/platform/mail/english.ts';
import { renderMail } from '../../../src/platform/mail/rendering.ts';
import { problems, usual } from '../platform/environments.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'latchkey-mails-'));
const file = path.join(directory, 'mails.de.json');

interface Draft {
  [key: string]: string | Draft;
}

describe('a translation of the mails', () => {
  after(() => rm(directory, { recursive: true }));

  function write(change: (draft: Draft) => void): typeof usual {
    const draft = structuredClone<unknown>(english) as Draft;
    change(draft);
    writeFileSync(file, JSON.stringify(draft));
    return { ...usual, MAIL_MESSAGES: file };
  }
  const inside = (draft: Draft, ...keys: string[]) => keys.reduce((each, key) => each[key] as Draft, draft);

  it('replaces the English sentences, with numbers and dates as its language writes them', () => {
    const variables = write((draft) => {
      draft['language'] = 'de';
      inside(draft, 'mails', 'password_changed')['subject'] = 'Dein Passwort wurde geändert';
      inside(draft, 'mails', 'password_changed')['reason'] = '{service}: Passwort am {at:time} geändert.';
    });

    const mail = renderMail(
      { to: 'ada@example.com', name: 'password_changed', values: { at: '2026-05-03T09:41:00.000Z' } },
      loadConfig(variables).config,
    );

    expect(mail.subject).to.equal('Latchkey: Dein Passwort wurde geändert');
    expect(mail.text).to.match(/^Latchkey: Passwort am 3\. Mai 2026(,| um) 0?9:41 UTC geändert\./);
    expect(mail.html).to.include('<html lang="de" dir="ltr">');
  });

  const refused: [string, (draft: Draft) => void, string][] = [
    [
      'lacks a sentence',
      (draft) => delete inside(draft, 'mails', 'password_reset')['advice'],
      `has no mails.password_reset.advice; translate "${english.mails.password_reset.advice}"`,
    ],
    [
      'has an empty sentence',
      (draft) => (inside(draft, 'layout')['link'] = ' '),
      `has no layout.link; translate "${english.layout.link}"`,
    ],
    [
      'has a number for a sentence',
      (draft) => (inside(draft, 'layout')['link'] = 7 as unknown as string),
      `has no layout.link; translate "${english.layout.link}"`,
    ],
    [
      'has a sentence of no mail',
      (draft) => (inside(draft, 'mails', 'password_reset')['greeting'] = 'Hallo'),
      'has mails.password_reset.greeting, which no mail uses; remove it',
    ],
    [
      'lost a placeholder',
      (draft) => (inside(draft, 'mails', 'password_changed')['reason'] = 'Geändert.'),
      'has other placeholders in mails.password_changed.reason than the English sentence; use {at:time}',
    ],
    [
      'translated a placeholder',
      (draft) => (inside(draft, 'mails', 'password_changed')['reason'] = 'Geändert am {um:time}.'),
      'has other placeholders in mails.password_changed.reason than the English sentence; use {at:time}',
    ],
    [
      'has a placeholder that is open',
      (draft) => (inside(draft, 'mails', 'password_changed')['advice'] = 'Bei {service'),
      'has other placeholders in mails.password_changed.advice than the English sentence; use no placeholder but {service}',
    ],
    [
      'names no language',
      (draft) => (draft['language'] = 'Deutsch!'),
      'has the language "Deutsch!"; use a tag such as de or pt-BR',
    ],
    ['names no direction', (draft) => (draft['direction'] = 'left'), 'has the direction "left"; use ltr or rtl'],
  ];
  for (const [what, change, problem] of refused) {
    it(`is refused if it ${what}`, () => {
      expect(problems(write(change))).to.deep.equal([`MAIL_MESSAGES ${problem}`]);
    });
  }

  it('is refused if it is missing or not JSON', () => {
    expect(problems({ ...usual, MAIL_MESSAGES: path.join(directory, 'nothing.json') })).to.deep.equal([
      'MAIL_MESSAGES names a file that cannot be read (ENOENT); check the path and its permissions',
    ]);
    writeFileSync(file, '{ "language": ');
    expect(problems({ ...usual, MAIL_MESSAGES: file })).to.deep.equal([
      'MAIL_MESSAGES names a file that is not JSON; begin with the output of `mails print`',
    ]);
  });
});
