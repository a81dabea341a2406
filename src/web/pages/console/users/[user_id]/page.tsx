import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { Console } from '../../../../components/console/console.tsx';
import { findUser } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Page } from '../../../../components/page.tsx';
import { useServices } from '../../../../services.ts';

/** One user, and all that can be done about them. */
export default function UserPage() {
  return (
    <Console>
      <UserOfAddress />
    </Console>
  );
}

function UserOfAddress() {
  const { client } = useConsole();
  const { kept } = useServices();
  const id = useRoute().params['user_id'] ?? '';
  const [user, setUser] = useState(() => findUser(kept, id));
  useEffect(() => void client.getUser(id).then(setUser), [client, id]);
  return <Page title={user?.full_name ?? ''} isWide />;
}
