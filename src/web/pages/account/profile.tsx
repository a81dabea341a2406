import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { useDone } from '../../components/done.ts';
import { NameField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Moment } from '../../components/moment.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';
import { Picture } from './picture.tsx';

const text = english.profile;

/** Who it is. */
export function Profile({ account, reload }: SectionProps) {
  const { user } = account;
  const { client } = useServices();
  const { done, finish, forget } = useDone(reload);
  const roles: Partial<Record<string, string>> = english.account.roles;

  async function rename(full_name: string): Promise<void> {
    try {
      await client.updateCurrentUser({ full_name }, { ifMatch: user.etag });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'precondition_failed') {
        await reload();
        throw new Error(text.conflict, { cause: error });
      }
      throw error;
    }
    await finish(text.saved);
  }

  return (
    <Section name="profile" title={text.title} done={done}>
      <Picture account={account} finish={finish} forget={forget} />
      <dl class="facts columns">
        <div>
          <dt>{english.fields.full_name}</dt>
          <dd>{user.full_name}</dd>
        </div>
        <div>
          <dt>{english.account.role}</dt>
          <dd>{roles[user.role] ?? user.role}</dd>
        </div>
        <div>
          <dt>{english.account.since}</dt>
          <dd>
            <Moment at={user.created_at} />
          </dd>
        </div>
      </dl>
      <InPlace action={text.change} onOpen={forget}>
        {(close) => (
          <Form
            name="profile"
            action={text.save}
            submit={({ full_name = '' }) => rename(full_name).then(close)}
            cancel={close}
          >
            <NameField value={user.full_name} />
          </Form>
        )}
      </InPlace>
    </Section>
  );
}
