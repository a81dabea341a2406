import { useEffect, useId, useState } from 'preact/hooks';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { Button } from '../button.tsx';
import { useUserName } from './user-name.tsx';
import { useConsole } from './viewer.ts';

const text = english.audit;
const pauseMs = 250;

type User = components['schemas']['User'];

export interface PersonFilterProps {
  readonly label: string;
  readonly id: string | undefined;
  readonly choose: (id: string | undefined) => void;
}

/** One user among all, found by a part of their name or address, or by their id. */
export function PersonFilter({ label, id, choose }: PersonFilterProps) {
  const found = useUserName(id);
  const place = useId();
  if (id === undefined) return <Finder label={label} choose={choose} />;
  const name = found?.name ?? id;
  return (
    <div class="field">
      <span class="filter-name" id={place}>
        {label}
      </span>
      <div class="filter-chosen" role="group" aria-labelledby={place}>
        <span title={found?.email ?? id}>{name}</span>
        <Button look="link" name={text.clearPerson(label, name)} onClick={() => choose(undefined)}>
          ✕
        </Button>
      </div>
    </div>
  );
}

function Finder({ label, choose }: Omit<PersonFilterProps, 'id'>) {
  const { client } = useConsole();
  const place = useId();
  const [typed, setTyped] = useState('');
  const [answer, setAnswer] = useState<{ readonly to: string; readonly users: readonly User[] }>();
  const search = typed.trim();

  useEffect(() => {
    if (search === '') return undefined;
    const control = new AbortController();
    const { signal } = control;
    const timer = setTimeout(() => {
      client
        .listUsers({ search, limit: 8 }, { signal })
        .then(({ items }) => setAnswer({ to: search, users: items }))
        .catch(() => {});
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [search]);

  const users = answer?.users ?? [];
  const isAnswered = answer?.to === search;
  return (
    <div class="field">
      <label for={place}>{label}</label>
      <input
        id={place}
        type="text"
        list={`${place}-found`}
        placeholder={text.personHint}
        value={typed}
        maxLength={100}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellcheck={false}
        aria-describedby={`${place}-none`}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value);
          const chosen = users.find(({ email, id }) => email === value || id === value.trim());
          if (chosen) choose(chosen.id);
        }}
        onKeyDown={({ key }) => {
          const [only, ...others] = users;
          if (key === 'Enter' && isAnswered && only && others.length === 0) choose(only.id);
        }}
      />
      <datalist id={`${place}-found`}>
        {users.map(({ id, email, full_name: name }) => (
          <option key={id} value={email}>
            {name}
          </option>
        ))}
      </datalist>
      <p class="hint" id={`${place}-none`} role="status">
        {search !== '' && isAnswered && users.length === 0 && text.nobodyFound}
      </p>
    </div>
  );
}
