import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Deed } from '../../../../components/deed.tsx';
import { Page } from '../../../../components/page.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { restore } from '../deleted/restore.ts';
import { Events, type EventsProps } from './events.tsx';

const { user: text, userDeletion } = english;

export interface GoneProps {
  readonly id: string;
  /** Unless they can't be restored any more, or never were there. */
  readonly deleted: components['schemas']['RestorableUser'] | undefined;
  readonly events: EventsProps['events'];
  readonly reload: () => Promise<void>;
}

/** Stands for a user who is deleted, or who never was. */
export function Gone({ id, deleted, events, reload }: GoneProps) {
  const { client } = useConsole();
  const { kept } = useServices();

  if (deleted) {
    const { full_name: name, email, restorable_until: until } = deleted;
    return (
      <Page title={text.deleted(name)} lead={text.deletedLead(english.moment(until))} isWide>
        <p class="note">{email}</p>
        <Deed
          action={userDeletion.restore}
          run={async () => {
            await restore(client, kept, id);
            await reload();
          }}
        />
        <div class="user">
          <Events user={{ id }} events={events} />
        </div>
      </Page>
    );
  }
  // Only administrators see events; somebody without any never was a user, or is long forgotten.
  if (events.length === 0) {
    return (
      <Page title={text.gone} lead={text.goneLead}>
        <a href="/console/users">{text.all}</a>
      </Page>
    );
  }
  return (
    <Page title={text.erased} lead={text.erasedLead} isWide>
      <div class="user">
        <Events user={{ id }} events={events} />
      </div>
    </Page>
  );
}
