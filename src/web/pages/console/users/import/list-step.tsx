import { useState } from 'preact/hooks';
import { Button } from '../../../../components/button.tsx';
import { english } from '../../../../english.ts';
import { mostRows } from './list.ts';

const text = english.importing;

export interface ListStepProps {
  /** What it begins with. */
  readonly list: string;
  readonly check: (list: string) => void;
}

// Far more than fits the rows that are taken; a browser would freeze over a file without bounds.
const mostBytes = 8 * 1024 * 1024;

/** Where a list is pasted, chosen or dropped. */
export function ListStep({ list, check }: ListStepProps) {
  const [typed, setTyped] = useState(list);
  const [fault, setFault] = useState<string>();

  async function read(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > mostBytes) return setFault(text.tooLarge);
    check(await file.text());
  }

  return (
    <form
      class="stack import-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') setFault(text.empty);
        else check(typed);
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void read(event.dataTransfer?.files[0]);
      }}
    >
      <div class="field">
        <label for="list">{text.list}</label>
        <p class="hint" id="list-hint">
          {text.listHint(mostRows)}
        </p>
        {fault !== undefined && (
          <p class="error" id="list-error" role="alert">
            {fault}
          </p>
        )}
        <textarea
          id="list"
          rows={10}
          placeholder={text.sample}
          value={typed}
          spellcheck={false}
          autoComplete="off"
          aria-describedby={fault === undefined ? 'list-hint' : 'list-error list-hint'}
          aria-invalid={fault === undefined ? undefined : 'true'}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </div>
      <div class="actions">
        <Button type="submit">{text.check}</Button>
        <span class="file">
          <input
            type="file"
            id="list-file"
            accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/csv,text/plain,application/x-ndjson"
            onChange={({ currentTarget }) => {
              void read(currentTarget.files?.[0]);
              currentTarget.value = '';
            }}
          />
          <label class="button secondary" for="list-file">
            {text.file}
          </label>
        </span>
      </div>
    </form>
  );
}
