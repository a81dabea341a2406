import { useDone } from '../../components/done.ts';
import { Deed } from '../../components/deed.tsx';
import { EmailField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Emphasised } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.address;

/** The address, and the one that is to replace it. */
export function Address({ account: { user }, reload }: SectionProps) {
  const { client } = useServices();
  const { done, finish, forget } = useDone(reload);
  return (
    <Section name="address" title={text.title} done={done}>
      <p class="tagged">
        <strong>{user.email}</strong>
        <span class="tag">{user.email_verified ? text.verified : text.unverified}</span>
      </p>
      {user.pending_email !== undefined && (
        <div class="notice stack tight">
          <p>
            <Emphasised parts={text.pending(user.pending_email)} />
          </p>
          <Deed
            look="link"
            action={text.cancel}
            run={() => client.cancelEmailChange().then(() => finish(text.cancelled))}
          />
        </div>
      )}
      <InPlace action={text.change} onOpen={forget}>
        {(close) => (
          <Form
            name="address"
            action={text.action}
            submit={async ({ email = '' }) => {
              await client.changeEmail({ email });
              await reload();
              close();
            }}
            cancel={close}
          >
            <EmailField label={english.fields.new_email} hint={text.hint} autoComplete="email" />
          </Form>
        )}
      </InPlace>
    </Section>
  );
}
