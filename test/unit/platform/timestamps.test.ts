import { expect } from 'chai';
import pg from 'pg';
import { parseTimestamp } from '../../../src/platform/database/timestamps.ts';

const usual = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

describe('parseTimestamp', () => {
  const times = [
    '2026-11-26 09:05:03+00',
    '2026-11-26 09:05:03.1+00',
    '2026-11-26 09:05:03.12+00',
    '2026-11-26 09:05:03.123+00',
    '2026-11-26 09:05:03.123456+00',
    '2026-11-26 09:05:03.000999+00',
    '2024-02-29 23:59:59.999999+00',
    '1969-12-31 23:59:59.9+00',
    '1000-01-01 00:00:00+00',
    '9999-12-31 23:59:59.999999+00',
    '0999-12-31 00:00:00+00',
    '0050-01-01 00:00:00+00',
    '10000-01-01 00:00:00+00',
    '294276-12-31 23:59:59.999999+00',
    '0044-03-15 12:00:00+00 BC',
    '2026-11-26 09:05:03.123456+05:30',
    '2026-11-26 09:05:03-02',
    'infinity',
    '-infinity',
  ];
  for (const text of times) {
    it(`reads ${text} as the driver does`, () => {
      expect(parseTimestamp(text)).to.deep.equal(usual(text));
    });
  }

  it('reads each millisecond as the driver does', () => {
    for (let millisecond = 0; millisecond < 1000; millisecond++) {
      const text = `2026-11-26 09:05:03.${String(millisecond).padStart(3, '0')}+00`;
      expect(parseTimestamp(text)).to.deep.equal(usual(text));
    }
  });
});
