import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;
const parseAny = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;

/**
 * Parses a `timestamptz` as PostgreSQL writes it in UTC, such as `2026-11-26 09:05:03.123456+00`. Its digits have their places in the
 * years 1000 to 9999, and so take a third of the time.
 */
export function parseTimestamp(text: string): Date {
  if (text[4] !== '-' || text < '1' || !text.endsWith('+00')) return parseAny(text);
  const fraction = text.length > wholeSeconds ? Math.trunc(Number(text.slice(wholeSeconds - 3, -3)) * 1000) : 0;
  return new Date(
    Date.UTC(
      twoDigits(text, 0) * 100 + twoDigits(text, 2),
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      fraction,
    ),
  );
}

const wholeSeconds = '2026-11-26 09:05:03+00'.length;

function twoDigits(text: string, place: number): number {
  return text.charCodeAt(place) * 10 + text.charCodeAt(place + 1) - '0'.charCodeAt(0) * 11;
}

/** Has a connection parse its times this way. */
export function parseTimestamps(connection: pg.Client): void {
  connection.setTypeParser(TIMESTAMPTZ, parseTimestamp);
}
