import { expect } from 'chai';
import { redact } from '../../../src/platform/log/redaction.ts';

describe('redaction', () => {
  const cases: [string, string][] = [
    ['Key (email)=(ada@example.com) already exists.', 'Key (email)=([e-mail address]) already exists.'],
    ['no user "ada.l+x@mail.example.co.uk"', 'no user "[e-mail address]"'],
    ['connect to postgres://latchkey:hunter2@db:5432/latchkey', 'connect to postgres://[credentials]@db:5432/latchkey'],
    ['smtps://accounts:hunter2@mail.example.com:465 refused', 'smtps://[e-mail address]:465 refused'],
    ['from=a@b.example,to=c@d@e.example;x', 'from=[e-mail address],to=[e-mail address];x'],
    ['token lkr_Ab-9_x is used', 'token [refresh token] is used'],
    ['token lks_Ab-9_x is used', 'token [one-time secret] is used'],
    ['token lkd_Ab-9_x is used', 'token [device token] is used'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.sig-1 expired', 'jwt [access token] expired'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [token]'],
    [
      'insert into "users" ("email") values ($1) - null value',
      'insert into "users" ("email") values ($1) - null value',
    ],
    ['at node_modules/@scope/pkg/index.js:1:2', 'at node_modules/@scope/pkg/index.js:1:2'],
  ];
  for (const [text, redacted] of cases) {
    it(`redacts to "${redacted}"`, () => {
      expect(redact(text)).to.equal(redacted);
    });
  }
});
