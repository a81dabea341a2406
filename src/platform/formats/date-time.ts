/** Whether a text is an RFC 3339 time in UTC on a day that exists; PostgreSQL refuses 30 February. */
export function isDateTime(text: string): boolean {
  const time = new Date(text);
  return text.endsWith('Z') && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19));
}
