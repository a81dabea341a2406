import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { useDone } from '../../../../components/done.ts';
import { Field } from '../../../../components/field.tsx';
import { Form, type Values } from '../../../../components/form.tsx';
import { InPlace } from '../../../../components/in-place.tsx';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';
import { roles } from '../user-query.ts';
import { changesTo, type Editable } from './changes.ts';
import { Conflict, type Versions } from './conflict.tsx';
import type { User, UserSectionProps } from './user-data.ts';

const text = english.userProfile;

/** Name and role, saved only over the version that was shown. */
export function Profile({ user, reload }: UserSectionProps) {
  const { done, finish, forget } = useDone(reload);
  return (
    <Section name="profile" title={text.title} done={done}>
      <InPlace action={text.change} onOpen={forget}>
        {(close) => (
          <Editor
            user={user}
            close={close}
            finish={async () => {
              await finish(text.saved);
              close();
            }}
          />
        )}
      </InPlace>
    </Section>
  );
}

interface EditorProps {
  readonly user: User;
  readonly close: () => void;
  readonly finish: () => Promise<void>;
}

function Editor({ user, close, finish }: EditorProps) {
  const { client } = useConsole();
  // The version that the form began with; the page may show a later one meanwhile.
  const [base] = useState(user);
  const [conflict, setConflict] = useState<Versions>();

  async function save(mine: Editable, over: User): Promise<void> {
    const changes = changesTo(over, mine);
    if (Object.keys(changes).length > 0) {
      try {
        await client.updateUser(user.id, changes, { ifMatch: over.etag });
      } catch (error) {
        if (!(error instanceof ProblemError && error.code === 'precondition_failed')) throw error;
        const theirs = await client.getUser(user.id);
        return setConflict({ base: over, mine, theirs });
      }
    }
    await finish();
  }

  if (conflict) {
    const { theirs } = conflict;
    return (
      <Form
        key={theirs.etag}
        name="conflict"
        action={english.conflict.save}
        submit={(values) => save(readEditable(values, theirs), theirs)}
        cancel={close}
      >
        <Conflict {...conflict} />
      </Form>
    );
  }
  return (
    <Form
      name="user"
      rules={english.rulesForOthers}
      action={text.save}
      submit={(values) => save(readEditable(values, base), base)}
      cancel={close}
    >
      <Field name="full_name" label={english.fields.full_name}>
        {(input) => <input {...input} type="text" autoComplete="off" defaultValue={base.full_name} />}
      </Field>
      <Field name="role" label={english.users.role} hint={text.roleHint}>
        {(input) => (
          <select {...input}>
            {roles.map((role) => (
              <option key={role} value={role} selected={role === base.role}>
                {english.account.roles[role]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Form>
  );
}

/** What a form says; what it does not ask for stays as it was. */
function readEditable({ full_name, role }: Values, otherwise: User): Editable {
  return { full_name: full_name?.trim() ?? otherwise.full_name, role: role ?? otherwise.role };
}
