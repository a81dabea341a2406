/** Whether a text is an RFC 3339 time in UTC on a day that exists; PostgreSQL refuses 30 February. */
export function isDateTime(text: string): boolean {
  const time = new Date(text);
  return text.endsWith('Z') && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19));
}

const instant = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Whether a text is an RFC 3339 time, of any offset, on a day that exists. */
export function isInstant(text: string): boolean {
  const local = instant.exec(text)?.[1]?.replace(' ', 'T');
  return local !== undefined && isDateTime(`${local}Z`) && !Number.isNaN(Date.parse(text));
}
