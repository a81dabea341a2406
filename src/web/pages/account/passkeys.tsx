import { useState } from 'preact/hooks';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { useDone } from '../../components/done.ts';
import { Deed } from '../../components/deed.tsx';
import { FactorUse } from '../../components/factor-use.tsx';
import { Form } from '../../components/form.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Section } from '../../components/section.tsx';
import { canUsePasskeys } from '../../configuration.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';
import { FactorNameField } from './enrol-totp.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const text = english.passkeys;

type Passkey = components['schemas']['Passkey'];

export function Passkeys({ account: { passkeys }, reload }: SectionProps) {
  const { client, configuration } = useServices();
  const { done, finish, forget } = useDone(reload);
  const [codes, setCodes] = useState<readonly string[]>();
  const lead = passkeys.length === 0 ? text.none : text.some;

  async function add(): Promise<void> {
    forget();
    const { recovery_codes: made } = await client.addPasskey();
    await finish(text.added);
    setCodes(made);
  }

  return (
    <Section name="passkeys" title={text.title} lead={lead} done={done}>
      {codes && <RecoveryCodes codes={codes} done={() => setCodes(undefined)} />}
      {passkeys.length > 0 && (
        <ul class="entries">
          {passkeys.map((passkey) => (
            <Item
              key={passkey.id}
              passkey={passkey}
              rename={async (name) => {
                await client.renamePasskey(passkey.id, { name });
                await finish(text.renamed);
              }}
              remove={() => client.removePasskey(passkey.id).then(() => finish(text.removed))}
            />
          ))}
        </ul>
      )}
      {canUsePasskeys(configuration) && !codes && <Deed action={text.add} run={add} />}
    </Section>
  );
}

interface ItemProps {
  readonly passkey: Passkey;
  readonly rename: (name: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

function Item({ passkey, rename, remove }: ItemProps) {
  const { id, name, created_at: madeAt, last_used_at: usedAt } = passkey;
  return (
    <li class="entry">
      <div>
        <strong>{name}</strong>
        <p class="note small">
          <FactorUse addedAt={madeAt} usedAt={usedAt} /> {passkey.is_synced ? text.synced : text.single}.
        </p>
      </div>
      <div class="entry-deeds">
        <InPlace look="link" action={text.renameAction} name={text.rename(name)}>
          {(close) => (
            <Form
              name={id}
              action={text.save}
              submit={({ name: chosen = '' }) => rename(chosen).then(close)}
              cancel={close}
            >
              <FactorNameField value={name} />
            </Form>
          )}
        </InPlace>
        <InPlace look="link" action={text.removeAction} name={text.remove(name)}>
          {(close) => (
            <Form look="danger" action={text.remove(name)} submit={remove} cancel={close}>
              <p class="note">{text.removeHint(name)}</p>
            </Form>
          )}
        </InPlace>
      </div>
    </li>
  );
}
