import { expect } from 'chai';
import { allowedReturn } from '../../../src/web/allowed-return.ts';

const own = 'https://accounts.example.com';
const listed = ['https://app.example.com', 'http://localhost:3000'];
const allowed = (text: string) => allowedReturn(text, own, listed)?.href;

describe('return_to', () => {
  for (const [text, href] of [
    ['/account', `${own}/account`],
    ['/account?tab=sessions#2', `${own}/account?tab=sessions#2`],
    ['account', `${own}/account`],
    // Of this scheme and without slashes, it is a path.
    ['https:evil.example', `${own}/evil.example`],
    [`${own}/console`, `${own}/console`],
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://APP.example.com/a%20b?c=d', 'https://app.example.com/a%20b?c=d'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
  ] as const) {
    it(`may be ${text}`, () => {
      expect(allowed(text)).to.equal(href);
    });
  }

  for (const text of [
    'https://evil.example',
    '//evil.example/account',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    ' //evil.example',
    'https:///evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://accounts.example.com/1',
    'https://app.example.com@evil.example',
    'https://app.example.com:443@evil.example/',
    'https://user:password@app.example.com/',
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'https://app.example.com:8443',
    'http://app.example.com',
    'https://app.example.com%2f@evil.example',
    'https://app。example。com@evil.example',
    'ftp://app.example.com',
    'https://',
    'http://[::1',
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      expect(allowed(text)).to.equal(undefined);
    });
  }
});
