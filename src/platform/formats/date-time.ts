/** Whether a text is an RFC 3339 time in UTC, on a day that PostgreSQL has: neither on 30 February nor in the year 0. */
export function isDateTime(text: string): boolean {
  const time = new Date(text);
  return text.endsWith('Z') && hasYearOfFourDigits(time) && time.toISOString().startsWith(text.slice(0, 19));
}

const instant = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Whether a text is an RFC 3339 time, of any offset, on a day that PostgreSQL has, there and in UTC. */
export function isInstant(text: string): boolean {
  const local = instant.exec(text)?.[1]?.replace(' ', 'T');
  return local !== undefined && isDateTime(`${local}Z`) && hasYearOfFourDigits(new Date(text));
}

// The offset of a time at the end of 9999 can lead beyond it. An invalid time has no year.
function hasYearOfFourDigits(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
