import { Button } from '../../../../components/button.tsx';
import { Notice } from '../../../../components/notice.tsx';
import { english } from '../../../../english.ts';
import { mostRows, type UserList } from './list.ts';
import { FaultyLines, Table } from './table.tsx';

const text = english.importing;

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
      {faults.length > 0 && <FaultyLines title={text.faults} lines={faults} />}
      {rows.length > 0 && (
        <Table
          title={text.preview}
          heads={[columns.user, columns.role]}
          lines={rows}
          cells={({ email, full_name: name, role }) => [
            <>
              {name}
              <br />
              <span class="note">{email}</span>
            </>,
            roles[role],
          ]}
        />
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
