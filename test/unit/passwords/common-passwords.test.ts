import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { chooseCommonPasswords } from '../../../openapi/tools/passwords/common-passwords.ts';
import {
  commonPasswordsFile,
  holdsLine,
  loadCommonPasswords,
} from '../../../src/features/passwords/common-passwords.ts';
import { processorTime } from '../../support/processor-time.ts';

describe('the list of common passwords', () => {
  const lines = gunzipSync(readFileSync(commonPasswordsFile));
  const passwords = lines.toString().trimEnd().split('\n');
  const isCommon = loadCommonPasswords();

  it('has the 100,000 most common ones of 8 and more characters', () => {
    expect(passwords.filter((password) => Array.from(password).length >= 8).length).to.be.at.least(100_000);
  });

  it('is sorted by bytes, without duplicates', () => {
    const sorted = [...new Set(passwords)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));

    expect(passwords.length).to.equal(sorted.length);
    expect(passwords.every((password, index) => password === sorted[index])).to.equal(true);
  });

  it('finds every one of its lines, and nothing between them', () => {
    const missed = passwords.filter((password) => !holdsLine(lines, password));
    const found = passwords.filter((password) => holdsLine(lines, `${password}\u0001`));

    expect({ missed, found }).to.deep.equal({ missed: [], found: [] });
    for (const word of ['', '\n', '\u0000', '\u{10ffff}', 'a\nb']) expect(holdsLine(lines, word), word).to.equal(false);
  });

  it('is found in lists of any length', () => {
    const words = ['b', 'dd', 'f', 'h'];
    for (let count = 0; count <= words.length; count++) {
      const some = Buffer.from(
        words
          .slice(0, count)
          .map((word) => `${word}\n`)
          .join(''),
      );
      expect(['a', 'b', 'c', 'd', 'dd', 'ddd', 'f', 'h', 'i'].filter((word) => holdsLine(some, word))).to.deep.equal(
        words.slice(0, count),
      );
    }
  });

  it('answers within a millisecond, whatever it is asked', async () => {
    const asked = [
      'violet lantern harbour',
      '!!!!password!!!!',
      '11111111a11111111',
      '1!1!1!1!dragon1!1!1!1!',
      'x'.repeat(128),
    ];
    const characters = asked.map((password) => Array.from(password));

    const time = await processorTime(() => {
      for (let turn = 0; turn < 200; turn++) for (const password of characters) isCommon(password);
    });

    expect(time / 1000).to.be.below(1);
  });
});

describe('the choice of common passwords', () => {
  it('takes long enough ones in their folded form, and short words that people lengthen', () => {
    const lines = [
      '123456',
      'PassWord1',
      'password1',
      'dragon',
      'x1',
      'ｗｅｌｃｏｍｅ１',
      'broken\ufffd',
      'control\u0007x',
      '',
    ];

    expect(chooseCommonPasswords(lines)).to.deep.equal(['dragon', 'password1', 'welcome1']);
  });
});
