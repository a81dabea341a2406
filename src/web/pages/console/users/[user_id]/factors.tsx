import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { useDone } from '../../../../components/done.ts';
import { FactorUse } from '../../../../components/factor-use.tsx';
import { Form } from '../../../../components/form.tsx';
import { InPlace } from '../../../../components/in-place.tsx';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';
import type { UserSectionProps } from './user-data.ts';

const text = english.userFactors;

type Schemas = components['schemas'];

export interface FactorsProps extends UserSectionProps {
  readonly factors: Schemas['FactorList'];
}

/** What the user signs in with besides a password, and a way out for whoever has lost it. */
export function Factors({ user: { id, full_name: name }, factors, reload }: FactorsProps) {
  const { client } = useConsole();
  const { done, finish, forget } = useDone(reload);
  const { items, recovery_codes_left: codesLeft } = factors;
  return (
    <Section name="factors" title={text.title} lead={items.length === 0 ? text.none : text.some(codesLeft)} done={done}>
      {items.length > 0 && (
        <>
          <ul class="entries">
            {items.map((factor) => (
              <Item key={factor.id} factor={factor} />
            ))}
          </ul>
          <InPlace action={text.reset} onOpen={forget}>
            {(close) => (
              <Form
                look="danger"
                action={text.resetAction}
                submit={async () => {
                  await client.resetFactors(id);
                  await finish(text.resetDone);
                  close();
                }}
                cancel={close}
              >
                <p class="note">{text.resetHint(name)}</p>
              </Form>
            )}
          </InPlace>
        </>
      )}
    </Section>
  );
}

function Item({ factor }: { readonly factor: Schemas['Factor'] }) {
  const { name, kind, confirmed_at: addedAt, last_used_at: usedAt } = factor;
  const kinds: Partial<Record<string, string>> = text.kinds;
  return (
    <li class="entry">
      <div>
        <strong>{name}</strong>
        <p class="note small">
          {kinds[kind] ?? kind}. <FactorUse addedAt={addedAt} usedAt={usedAt} isCopied />
        </p>
      </div>
    </li>
  );
}
