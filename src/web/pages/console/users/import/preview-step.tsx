import type { ComponentChildren } from 'preact';
import { Button } from '../../../../components/button.tsx';
import { Notice } from '../../../../components/notice.tsx';
import { english } from '../../../../english.ts';
import { mostRows, type UserList } from './list.ts';

const text = english.importing;
const mostShown = 20;

export interface PreviewStepProps {
  readonly list: UserList;
  readonly back: () => void;
  readonly start: () => void;
}

/** What a list says and what is wrong with it, before anything is sent. */
export function PreviewStep({ list: { rows, faults }, back, start }: PreviewStepProps) {
  const roles: Partial<Record<string, string>> = english.account.roles;
  const { columns } = text;
  const count = rows.length + faults.length;
  if (count > mostRows) {
    return (
      <>
        <Notice kind="danger" isAlert>
          <p>{text.tooLong(count, mostRows)}</p>
          <p>
            <code>{text.command}</code>
          </p>
        </Notice>
        <div class="actions">
          <Button onClick={back}>{text.back}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Notice kind={rows.length === 0 ? 'danger' : 'plain'}>
        <p>
          {rows.length === 0 ? text.readyNone : text.ready(rows.length)}{' '}
          {faults.length > 0 && text.faulty(faults.length)}
        </p>
      </Notice>
      {faults.length > 0 && (
        <Table title={text.faults} heads={[columns.line, columns.email, columns.fault]} count={faults.length}>
          {faults.slice(0, mostShown).map(({ line, email, message }) => (
            <tr key={line}>
              <td>{line}</td>
              <td>{email}</td>
              <td>{message}</td>
            </tr>
          ))}
        </Table>
      )}
      {rows.length > 0 && (
        <Table
          title={text.preview}
          heads={[columns.line, columns.email, columns.name, columns.role]}
          count={rows.length}
        >
          {rows.slice(0, mostShown).map(({ line, email, full_name: name, role }) => (
            <tr key={line}>
              <td>{line}</td>
              <td>{email}</td>
              <td>{name}</td>
              <td>{roles[role]}</td>
            </tr>
          ))}
        </Table>
      )}
      <div class="actions">
        {rows.length > 0 && <Button onClick={start}>{text.action(rows.length)}</Button>}
        <Button look="secondary" onClick={back}>
          {text.back}
        </Button>
      </div>
    </>
  );
}

export interface TableProps {
  readonly title: string;
  readonly heads: readonly string[];
  /** How many rows there are, of which the first few are shown. */
  readonly count: number;
  readonly children: ComponentChildren;
}

/** The first lines of a list, by title. */
export function Table({ title, heads, count, children }: TableProps) {
  return (
    <section class="stack tight" aria-label={title}>
      <h2>{title}</h2>
      <div class="import-table">
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      {count > mostShown && <p class="note">{text.andMore(count - mostShown)}</p>}
    </section>
  );
}
