import { useEffect } from 'preact/hooks';
import { Button } from '../../../../components/button.tsx';
import { Notice } from '../../../../components/notice.tsx';
import { download } from '../../../../download.ts';
import { english } from '../../../../english.ts';
import { joinCsv } from './csv.ts';
import type { Row } from './list.ts';
import { FaultyLines } from './table.tsx';
import { useImport, type Failure, type Import } from './use-import.ts';

const text = english.importing;

export interface ProgressStepProps {
  readonly rows: readonly Row[];
  readonly startAgain: () => void;
}

/** How far an import is, and what went wrong. */
export function ProgressStep({ rows, startAgain }: ProgressStepProps) {
  const work = useImport(rows);
  const { state, created, failures, left, fault } = work;
  useEffect(work.start, []);
  return (
    <>
      <div class="stack tight">
        <progress aria-label={text.progress} max={rows.length} value={rows.length - left} />
        <p>
          <strong>{text.done(created, failures.length, left)}</strong>
        </p>
        <p class="note" role="status">
          {stateOf(work)}
        </p>
      </div>
      {fault !== undefined && (
        <Notice kind="danger" isAlert>
          <p>{fault}</p>
        </Notice>
      )}
      <div class="actions">
        {state === 'running' && <Button onClick={work.stop}>{text.stop}</Button>}
        {state === 'stopped' && <Button onClick={work.start}>{text.goOn(left)}</Button>}
        {state === 'finished' && (
          <a class="button" href="/console/users">
            {text.showUsers}
          </a>
        )}
        {state !== 'running' && (
          <Button look="secondary" onClick={startAgain}>
            {text.another}
          </Button>
        )}
      </div>
      {failures.length > 0 && (
        <>
          <FaultyLines
            title={text.failures}
            lines={failures.map(({ row: { line, email }, message }) => ({ line, email, message }))}
          />
          <div class="actions">
            <Button look="secondary" onClick={() => download(csvOf(failures), text.downloadName, 'text/csv')}>
              {text.download}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function stateOf({ state, holdup }: Import): string {
  const { states } = text;
  if (holdup) return holdup.kind === 'offline' ? states.offline : states.waiting(holdup.seconds);
  return states[state];
}

/** The lines as they were, so that they can be mended and imported, and why each was refused. */
function csvOf(failures: readonly Failure[]): string {
  const lines = failures.map(({ row: { email, full_name: name, role }, message }) => [email, name, role, message]);
  return joinCsv([['email', 'name', 'role', 'error'], ...lines]);
}
