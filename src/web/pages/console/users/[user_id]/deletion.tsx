import { noteDeletion } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Field } from '../../../../components/field.tsx';
import { Form } from '../../../../components/form.tsx';
import { InPlace } from '../../../../components/in-place.tsx';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { unlessChanged, type UserSectionProps } from './user-data.ts';

const text = english.userDeletion;

/** Deletes the user, once their name has been entered. */
export function Deletion(props: UserSectionProps) {
  const { user, reload } = props;
  const { client } = useConsole();
  const { configuration, kept } = useServices();
  const { id, full_name: name } = user;

  async function remove(entered: string): Promise<void> {
    if (entered.trim() !== name) throw new Error(text.differs);
    await unlessChanged(client, props, (precondition) => client.deleteUser(id, precondition));
    noteDeletion(kept, id);
    await reload();
  }

  return (
    <Section name="delete" title={text.title} lead={text.lead(configuration.erase_after_days)}>
      <InPlace action={text.open}>
        {(close) => (
          <Form
            name="delete"
            look="danger"
            action={text.action(name)}
            rules={{ ...english.rules, required: () => text.differs }}
            submit={({ confirmation = '' }) => remove(confirmation)}
            cancel={close}
          >
            <Field name="confirmation" label={text.confirm(name)}>
              {(input) => <input {...input} type="text" autoComplete="off" spellcheck={false} />}
            </Field>
          </Form>
        )}
      </InPlace>
    </Section>
  );
}
