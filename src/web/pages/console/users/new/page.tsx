import { useState } from 'preact/hooks';
import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { Console } from '../../../../components/console/console.tsx';
import { noteUser } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { EmailField, Field } from '../../../../components/field.tsx';
import { Form } from '../../../../components/form.tsx';
import { useIdempotencyKey } from '../../../../components/idempotency-key.ts';
import { Notice } from '../../../../components/notice.tsx';
import { Emphasised, Page } from '../../../../components/page.tsx';
import { NewPasswordField } from '../../../../components/password-field.tsx';
import { Select } from '../../../../components/select.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import './new.css';

const text = english.newUser;

type User = components['schemas']['User'];
type Role = components['schemas']['Role'];

interface Done {
  readonly user: User;
  readonly isInvited: boolean;
}

/** Creates a user. */
export default function NewUserPage() {
  return (
    <Console least="admin">
      <NewUser />
    </Console>
  );
}

function NewUser() {
  const [done, setDone] = useState<Done>();
  return (
    <Page title={text.title}>
      {done && (
        <Notice kind="success">
          <p>
            <Emphasised
              parts={
                done.isInvited ? text.invited(done.user.full_name, done.user.email) : text.created(done.user.full_name)
              }
            />
          </p>
          <a href={`/console/users/${done.user.id}`}>{text.show}</a>
        </Notice>
      )}
      <UserForm key={done?.user.id} finish={setDone} />
      <p class="note">
        {text.importHint} <a href="/console/users/import">{text.import}</a>
      </p>
    </Page>
  );
}

function UserForm({ finish }: { readonly finish: (done: Done) => void }) {
  const { kept } = useServices();
  const { client } = useConsole();
  const [role, setRole] = useState<Role>('user');
  const [isInvited, setInvited] = useState(true);
  const keyOf = useIdempotencyKey();
  return (
    <Form
      action={text.action}
      rules={english.rulesForOthers}
      submit={async ({ full_name = '', email = '', password = '' }) => {
        const account = { full_name, email, role, ...(!isInvited && { password }) };
        const user = await client.createUser(account, { idempotencyKey: keyOf(account) });
        noteUser(kept, user);
        finish({ user, isInvited });
      }}
    >
      <Field name="full_name" label={english.fields.full_name} hint={text.nameHint}>
        {(input) => <input {...input} type="text" autoComplete="off" />}
      </Field>
      <EmailField autoComplete="off" />
      <Select
        label={text.role}
        value={role}
        options={english.account.roles}
        hint={text.roleHints[role]}
        choose={(value) => setRole(value as Role)}
      />
      <fieldset class="ways-in">
        <legend>{text.access}</legend>
        <Way isChosen={isInvited} choose={() => setInvited(true)} label={text.invite} hint={text.inviteHint} />
        <Way isChosen={!isInvited} choose={() => setInvited(false)} label={text.password} hint={text.passwordHint} />
      </fieldset>
      {!isInvited && <NewPasswordField name="password" isOwn={false} />}
    </Form>
  );
}

interface WayProps {
  readonly isChosen: boolean;
  readonly choose: () => void;
  readonly label: string;
  readonly hint: string;
}

function Way({ isChosen, choose, label, hint }: WayProps) {
  return (
    <label class="tick">
      <input type="radio" name="way" checked={isChosen} onChange={choose} />
      <span>
        {label}
        <span class="hint">{hint}</span>
      </span>
    </label>
  );
}
