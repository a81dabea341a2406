import { Console } from '../../../components/console/console.tsx';
import { Page } from '../../../components/page.tsx';
import { english } from '../../../english.ts';

const text = english.users;

/** All users, and how to find one. */
export default function UsersPage() {
  return (
    <Console>
      <Page title={text.title} isWide />
    </Console>
  );
}
