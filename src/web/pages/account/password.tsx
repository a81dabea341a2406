import { useDone } from '../../components/done.ts';
import { HiddenUsername } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { NewPasswordField, PasswordField } from '../../components/password-field.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.passwordSection;

export function Password({ account: { user }, reload, passwordChoices }: SectionProps) {
  const { client } = useServices();
  const { done, finish, forget } = useDone(reload);
  return (
    <Section name="password" title={text.title} lead={text.lead} done={done}>
      <InPlace key={passwordChoices} startsOpen={passwordChoices > 0} action={text.change} onOpen={forget}>
        {(close) => (
          <Form
            name="password"
            action={text.action}
            submit={async ({ current_password = '', new_password = '' }) => {
              await client.changePassword({ current_password, new_password });
              await finish(text.changed);
              close();
            }}
            cancel={close}
          >
            <HiddenUsername value={user.email} />
            <PasswordField name="current_password" />
            <NewPasswordField name="new_password" owner={{ email: user.email, fullName: user.full_name }} />
          </Form>
        )}
      </InPlace>
    </Section>
  );
}
