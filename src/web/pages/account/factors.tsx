import { useState } from 'preact/hooks';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { useDone } from '../../components/done.ts';
import { FactorUse } from '../../components/factor-use.tsx';
import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';
import { EnrolTotp } from './enrol-totp.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const text = english.factors;

type Factor = components['schemas']['Factor'];

/** What is asked for besides a password: apps, and the codes that stand in for a lost one. Passkeys have a section of their own. */
export function Factors({ account: { factors }, reload }: SectionProps) {
  const { client } = useServices();
  const { done, finish, forget } = useDone(reload);
  const [codes, setCodes] = useState<readonly string[]>();
  const [first] = factors.items;
  const apps = factors.items.filter(({ kind }) => kind !== 'passkey');
  const lead = first ? text.on(english.date(first.confirmed_at), factors.recovery_codes_left) : text.off;

  if (codes)
    return (
      <Section name="factors" title={text.title} lead={lead}>
        <RecoveryCodes codes={codes} done={() => setCodes(undefined)} />
      </Section>
    );
  return (
    <Section name="factors" title={text.title} lead={lead} done={done}>
      {apps.length > 0 && (
        <ul class="entries">
          {apps.map((factor) => (
            <App
              key={factor.id}
              factor={factor}
              remove={() => client.removeFactor(factor.id).then(() => finish(text.removed))}
            />
          ))}
        </ul>
      )}
      <InPlace action={text.add} onOpen={forget}>
        {(close) => (
          <EnrolTotp
            cancel={close}
            finish={async (made) => {
              await finish(text.turnedOn);
              setCodes(made);
              close();
            }}
          />
        )}
      </InPlace>
      {first && (
        <InPlace action={text.renew} onOpen={forget}>
          {(close) => (
            <Form
              action={text.renew}
              submit={async () => {
                const { recovery_codes: made } = await client.renewRecoveryCodes();
                await reload();
                setCodes(made);
              }}
              cancel={close}
            >
              <p class="note">{text.renewHint}</p>
            </Form>
          )}
        </InPlace>
      )}
    </Section>
  );
}

function App({ factor, remove }: { readonly factor: Factor; readonly remove: () => Promise<void> }) {
  return (
    <li class="entry">
      <div>
        <strong>{factor.name}</strong>
        <p class="note small">
          {text.app}. <FactorUse addedAt={factor.confirmed_at} usedAt={factor.last_used_at} />
        </p>
      </div>
      <div class="entry-deeds">
        <InPlace look="link" action={text.removeAction} name={text.remove(factor.name)}>
          {(close) => (
            <Form look="danger" action={text.remove(factor.name)} submit={remove} cancel={close}>
              <p class="note">{text.removeHint(factor.name)}</p>
            </Form>
          )}
        </InPlace>
      </div>
    </li>
  );
}
