import { useRoute } from 'preact-iso';
import { ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { Console } from '../../../../components/console/console.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Notice } from '../../../../components/notice.tsx';
import { Page } from '../../../../components/page.tsx';
import { Unreachable } from '../../../../components/unreachable.tsx';
import { english } from '../../../../english.ts';
import { messageOf } from '../../../../problems.ts';
import { useServices } from '../../../../services.ts';
import { Access } from './access.tsx';
import { Deletion } from './deletion.tsx';
import { Events } from './events.tsx';
import { Factors } from './factors.tsx';
import { Gone } from './gone.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';
import { State } from './state.tsx';
import { useUser } from './user-data.ts';
import { UserHead } from './user-head.tsx';
import './user.css';

const text = english.user;

/** One user, and all that can be done about them. */
export default function UserPage() {
  const id = useRoute().params['user_id'] ?? '';
  return (
    <Console>
      <UserOfAddress key={id} id={id} />
    </Console>
  );
}

function UserOfAddress({ id }: { readonly id: string }) {
  const { me, isAdmin } = useConsole();
  const { configuration } = useServices();
  const { data, fault, load } = useUser(id);

  if (fault instanceof ProblemError) {
    return (
      <Page title={text.title}>
        <Notice kind="danger" isAlert>
          <p>{messageOf(fault)}</p>
        </Notice>
      </Page>
    );
  }
  if (fault !== undefined && !data)
    return <Unreachable service={configuration.service_name} retry={() => void load()} />;
  if (!data) return <main class="page" aria-busy="true" aria-label={english.loading} />;
  const { user, details, deleted } = data;
  if (!user) return <Gone id={id} deleted={deleted} events={details?.events ?? []} reload={load} />;

  const isOwn = user.id === me.id;
  const common = { user, reload: load };
  return (
    <Page title={user.full_name} isWide>
      <UserHead user={user} isOwn={isOwn} />
      {!isAdmin && <p class="note">{text.readOnly}</p>}
      {isAdmin && (
        <div class="user">
          <div class="user-half">
            <Profile {...common} />
            <State {...common} isOwn={isOwn} />
            <Access {...common} />
            {!isOwn && <Deletion {...common} />}
          </div>
          <div class="user-half" aria-busy={details === undefined}>
            {details && (
              <>
                <Sessions {...common} sessions={details.sessions} />
                <Factors {...common} factors={details.factors} />
                <Events {...common} events={details.events} />
              </>
            )}
          </div>
        </div>
      )}
    </Page>
  );
}
