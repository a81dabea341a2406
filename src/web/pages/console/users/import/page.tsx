import { useState } from 'preact/hooks';
import { Console } from '../../../../components/console/console.tsx';
import { Page } from '../../../../components/page.tsx';
import { english } from '../../../../english.ts';
import { ListStep } from './list-step.tsx';
import { readList, type Row, type UserList } from './list.ts';
import { PreviewStep } from './preview-step.tsx';
import { ProgressStep } from './progress-step.tsx';
import './import.css';

const text = english.importing;

/** Creates the users of a list: first the list, then what it says and what is wrong with it, then the work. */
export default function ImportPage() {
  return (
    <Console least="admin">
      <Import />
    </Console>
  );
}

function Import() {
  const [list, setList] = useState('');
  const [read, setRead] = useState<UserList>();
  const [rows, setRows] = useState<readonly Row[]>();

  function startAgain(): void {
    setRows(undefined);
    setRead(undefined);
    setList('');
  }

  return (
    <Page title={text.title} lead={text.lead} isWide>
      {rows ? (
        <ProgressStep rows={rows} startAgain={startAgain} />
      ) : read ? (
        <PreviewStep list={read} back={() => setRead(undefined)} start={() => setRows(read.rows)} />
      ) : (
        <ListStep
          list={list}
          check={(given) => {
            setList(given);
            setRead(readList(given));
          }}
        />
      )}
    </Page>
  );
}
