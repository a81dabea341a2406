import { useEffect, useRef, useState } from 'preact/hooks';
import { english } from '../../english.ts';
import './search-field.css';

const text = english.users;
const pauseMs = 250;

export interface SearchFieldProps {
  readonly label: string;
  /** What is searched for. */
  readonly search: string;
  readonly change: (search: string) => void;
}

/** Searches while somebody types, after a short pause. The key / leads here. */
export function SearchField({ label, search, change }: SearchFieldProps) {
  const [typed, setTyped] = useState(search);
  const input = useRef<HTMLInputElement>(null);
  const said = useRef(search);

  // Back, or a link, may have changed the address meanwhile.
  useEffect(() => {
    if (search !== said.current) setTyped(search);
    said.current = search;
  }, [search]);

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === said.current) return undefined;
    const timer = setTimeout(() => {
      said.current = wanted;
      change(wanted);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, change]);

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
    <div class="field search-field">
      <label for="search">{label}</label>
      <div>
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
