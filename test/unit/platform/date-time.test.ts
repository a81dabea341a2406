import { expect } from 'chai';
import { isDateTime, isInstant } from '../../../src/platform/formats/date-time.ts';

describe('a time', () => {
  for (const text of ['2026-01-15T09:30:00Z', '2026-01-15T09:30:00.123Z', '2028-02-29T23:59:59Z']) {
    it(`may be ${text}`, () => {
      expect(isDateTime(text)).to.equal(true);
    });
  }

  for (const [what, text] of [
    ['a day that does not exist', '2026-02-30T00:00:00Z'],
    ['29 February of another year', '2026-02-29T00:00:00Z'],
    ['hour 24', '2026-01-15T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['another time zone', '2026-01-15T09:30:00+01:00'],
    ['no time zone', '2026-01-15T09:30:00'],
    ['a date', '2026-01-15'],
    ['the year 0, which PostgreSQL does not have', '0000-01-01T00:00:00Z'],
    ['something else', 'yesterday'],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(isDateTime(text)).to.equal(false);
    });
  }

  it('of any zone is one that PostgreSQL has in UTC too', () => {
    const times = {
      '0001-01-01T00:00:00Z': true,
      '0001-01-01T00:00:00+00:01': false,
      '9999-12-31T23:59:59Z': true,
      '9999-12-31T23:59:59-00:01': false,
      '0000-12-31T23:59:59-23:59': false,
    };
    for (const [text, isOne] of Object.entries(times)) expect(isInstant(text), text).to.equal(isOne);
  });
});
