import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.deletion;

/** Deletes the account, once somebody has read what goes and until when it can be undone. */
export function Deletion({ account: { user }, leave }: SectionProps) {
  const { client, configuration } = useServices();
  return (
    <Section name="delete" title={text.title} lead={text.lead(configuration.erase_after_days)}>
      <InPlace action={text.open}>
        {(close) => (
          <Form
            look="danger"
            action={text.action}
            submit={() => leave(() => client.deleteCurrentUser({ ifMatch: user.etag }))}
            cancel={close}
          >
            <p>{text.sure}</p>
          </Form>
        )}
      </InPlace>
    </Section>
  );
}
