import { useEffect, useRef } from 'preact/hooks';
import { Moment } from '../../../../components/moment.tsx';
import { english } from '../../../../english.ts';
import { Status } from '../status.tsx';
import { type Editable, editableFields } from './changes.ts';
import type { User } from './user-data.ts';

const text = english.conflict;
const labels = { full_name: english.fields.full_name, role: english.users.role };
const roles: Partial<Record<string, string>> = english.account.roles;

export interface Versions {
  /** What both began with. */
  readonly base: User;
  readonly mine: Editable;
  readonly theirs: User;
}

/** Both versions of what differs, to choose from field by field. */
export function Conflict({ base, mine, theirs }: Versions) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="stack tight">
      <h3 tabIndex={-1} ref={heading}>
        {text.title}
      </h3>
      <p class="note small">
        {text.lead} <Moment at={theirs.updated_at} look="minute" />.
      </p>
      {editableFields
        .filter((field) => mine[field] !== theirs[field])
        .map((field) => (
          <fieldset key={field} class="choice">
            <legend>{labels[field]}</legend>
            {/* What only one of them changed is no question, but can be answered. */}
            <Choice field={field} value={mine[field]} whose={text.mine} isChosen={mine[field] !== base[field]} />
            <Choice field={field} value={theirs[field]} whose={text.theirs} isChosen={mine[field] === base[field]} />
          </fieldset>
        ))}
      {theirs.is_active !== base.is_active && (
        <p>
          {english.users.status}: <Status isActive={theirs.is_active} />
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly field: keyof Editable;
  readonly value: string;
  readonly whose: string;
  readonly isChosen: boolean;
}

function Choice({ field, value, whose, isChosen }: ChoiceProps) {
  return (
    <label class="tick">
      <input type="radio" name={field} value={value} defaultChecked={isChosen} />
      <span>
        <span class="note small">{whose}: </span>
        <strong>{field === 'role' ? (roles[value] ?? value) : value}</strong>
      </span>
    </label>
  );
}
