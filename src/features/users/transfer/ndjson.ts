import { isUtf8 } from 'node:buffer';

/** A line of a file without its line break, or why it can't be read. */
export interface Line {
  /** The first is 1. */
  readonly number: number;
  readonly text: string;
  readonly fault?: 'too_long' | 'not_utf8';
}

/** More than ten times what any user needs. */
export const maxLineBytes = 64 * 1024;

const lineFeed = 10;
const byteOrderMark = '\uFEFF';

/**
 * Splits chunks into lines, and yields those that end in one chunk together. However long a line is, at most `maxLineBytes` of it are held.
 * Drops a byte order mark, carriage returns and empty lines; line numbers count those too.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let number = 0;
  let begun: Buffer[] = [];
  let length = 0;

  function hold(part: Buffer): void {
    length += part.length;
    if (length <= maxLineBytes) begun.push(part);
    else begun = [];
  }
  function finish(): Line | undefined {
    const isTooLong = length > maxLineBytes;
    const bytes = begun.length === 1 ? (begun[0] ?? Buffer.alloc(0)) : Buffer.concat(begun);
    [begun, length] = [[], 0];
    number += 1;
    if (isTooLong) return { number, text: '', fault: 'too_long' };
    if (!isUtf8(bytes)) return { number, text: '', fault: 'not_utf8' };
    const text = bytes.toString();
    const line = { number, text: (number === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text).trim() };
    return line.text === '' ? undefined : line;
  }

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      hold(chunk.subarray(start, end));
      const line = finish();
      if (line) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  const last = length > 0 ? finish() : undefined;
  if (last) yield [last];
}
