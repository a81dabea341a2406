import { ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { noteUser } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Deed } from '../../../../components/deed.tsx';
import { Page } from '../../../../components/page.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { Events, type EventsProps } from './events.tsx';

const { user: text, userDeletion } = english;

export interface GoneProps {
  readonly id: string;
  readonly events: EventsProps['events'];
  readonly reload: () => Promise<void>;
}

/** Stands for a user who is deleted and can be restored, or who never was. */
export function Gone({ id, events, reload }: GoneProps) {
  const { client } = useConsole();
  const { configuration, kept } = useServices();

  async function restore(): Promise<void> {
    try {
      noteUser(kept, await client.restoreUser(id));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.code === 'email_taken') throw new Error(userDeletion.taken, { cause: error });
      if (error.code === 'not_found') throw new Error(userDeletion.erased, { cause: error });
      throw error;
    }
    await reload();
  }

  // Only administrators see events; an account without any is none that can be restored.
  if (events.length === 0) {
    return (
      <Page title={text.gone} lead={text.goneLead}>
        <a href="/console/users">{text.all}</a>
      </Page>
    );
  }
  return (
    <Page title={text.deleted} lead={text.deletedLead(configuration.erase_after_days)} isWide>
      <Deed action={userDeletion.restore} run={restore} />
      <div class="user">
        <Events user={{ id }} events={events} />
      </div>
    </Page>
  );
}
