import type { ComponentChildren } from 'preact';
import { english } from '../../../../english.ts';
import type { LineFault } from './list.ts';

const text = english.importing;
const mostShown = 20;

export interface TableProps<Line> {
  readonly title: string;
  readonly heads: readonly string[];
  /** All lines, of which the first few are shown. */
  readonly lines: readonly Line[];
  /** What stands in the row of a line, after its number. */
  readonly cells: (line: Line) => readonly ComponentChildren[];
}

/** The first lines of a list, by title. */
export function Table<Line extends { readonly line: number }>({ title, heads, lines, cells }: TableProps<Line>) {
  return (
    <section class="stack tight" aria-label={title}>
      <h2>{title}</h2>
      <div class="import-table">
        <table>
          <thead>
            <tr>
              {[text.columns.line, ...heads].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, mostShown).map((line) => (
              <tr key={line.line}>
                <td>{line.line}</td>
                {cells(line).map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > mostShown && <p class="note">{text.andMore(lines.length - mostShown)}</p>}
    </section>
  );
}

/** The first lines with a fault, by title. */
export function FaultyLines({ title, lines }: { readonly title: string; readonly lines: readonly LineFault[] }) {
  const { columns } = text;
  return (
    <Table
      title={title}
      heads={[columns.email, columns.fault]}
      lines={lines}
      cells={({ email, message }) => [email, message]}
    />
  );
}
