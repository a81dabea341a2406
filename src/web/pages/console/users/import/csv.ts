/** A record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether it ends with a quotation mark that is never closed. */
  readonly isOpen: boolean;
}

/** Splits CSV into records (RFC 4180). Spreadsheets of some countries write semicolons, and pasted cells have tabs: the first line tells. */
export function splitCsv(text: string): CsvRecord[] {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let [line, begin] = [1, 1];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;

  function end(isOpen: boolean): void {
    const whole = [...cells, cell];
    if (whole.some((one) => one.trim() !== '')) records.push({ line: begin, cells: whole, isOpen });
    [cells, cell, begin] = [[], '', line];
  }

  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    const isEnd = sign === '\n' || (sign === '\r' && text.charAt(at + 1) !== '\n');
    if (isEnd) line += 1;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') [cell, at] = [`${cell}"`, at + 1];
      else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') [cell, isQuoted] = ['', true];
    else if (sign === separator) [cells, cell] = [[...cells, cell], ''];
    else if (isEnd) end(false);
    else if (sign !== '\r') cell += sign;
  }
  end(isQuoted);
  return records;
}

function separatorOf(text: string): string {
  const [first = ''] = text.trimStart().split('\n');
  return [';', '\t'].find((one) => first.includes(one)) ?? ',';
}

/** Joins cells as CSV. A spreadsheet would compute a cell that begins like a formula, so that gets an apostrophe. */
export function joinCsv(records: readonly (readonly string[])[]): string {
  const lines = records.map((cells) => cells.map((cell) => quote(cell.replace(/^[=+\-@\t\r]/, "'$&"))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
