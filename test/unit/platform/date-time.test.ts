import { expect } from 'chai';
import { isDateTime } from '../../../src/platform/formats/date-time.ts';

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
    ['something else', 'yesterday'],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(isDateTime(text)).to.equal(false);
    });
  }
});
