import { useEffect, useRef, useState } from 'preact/hooks';
import { useAddress } from '../../../components/console/address.ts';
import { Select } from '../../../components/select.tsx';
import { english } from '../../../english.ts';
import { addressOfUsers, roles, sortFields, type UserQuery } from './user-query.ts';

const text = english.users;
const pauseMs = 250;

const roleNames = { '': text.anyRole, ...english.account.roles };
const statusNames = { '': text.anyStatus, true: text.active, false: text.deactivated };
const directions = ['asc', 'desc'] as const;
const orders = Object.fromEntries(
  sortFields.flatMap((field) => directions.map((order) => [`${field} ${order}`, text.orders[field][order]])),
);

/** What narrows the list down. All of it is in the address. */
export function UserFilters({ query }: { readonly query: UserQuery }) {
  const go = useAddress();
  const change = (changes: Partial<UserQuery>) => go(addressOfUsers({ ...query, ...changes }), 'step');
  return (
    <search class="filters">
      <SearchField query={query} />
      <Select
        label={text.role}
        value={query.role ?? ''}
        options={roleNames}
        choose={(value) => change({ role: roles.find((role) => role === value) })}
      />
      <Select
        label={text.status}
        value={query.is_active?.toString() ?? ''}
        options={statusNames}
        choose={(value) => change({ is_active: value === '' ? undefined : value === 'true' })}
      />
      <div class="filters-order">
        <Select
          label={text.sort}
          value={`${query.sort_by} ${query.sort_order}`}
          options={orders}
          choose={(value) => {
            const [by, order] = value.split(' ');
            const sort_by = sortFields.find((field) => field === by) ?? query.sort_by;
            change({ sort_by, sort_order: order === 'asc' ? 'asc' : 'desc' });
          }}
        />
      </div>
    </search>
  );
}

/** Searches while somebody types, after a short pause. The key / leads here. */
function SearchField({ query }: { readonly query: UserQuery }) {
  const go = useAddress();
  const [typed, setTyped] = useState(query.search);
  const input = useRef<HTMLInputElement>(null);
  const said = useRef(query.search);

  // Back, or a link, may have changed the address meanwhile.
  useEffect(() => {
    if (query.search !== said.current) setTyped(query.search);
    said.current = query.search;
  }, [query.search]);

  useEffect(() => {
    const search = typed.trim();
    if (search === said.current) return undefined;
    const timer = setTimeout(() => {
      said.current = search;
      go(addressOfUsers({ ...query, search }), 'typing');
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, query]);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);

  return (
    <div class="field filters-search">
      <label for="search">{text.search}</label>
      <div class="filters-input">
        <input
          id="search"
          ref={input}
          type="search"
          value={typed}
          maxLength={100}
          placeholder={text.searchHint}
          aria-keyshortcuts="/"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellcheck={false}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, select, textarea, dialog *');
}
