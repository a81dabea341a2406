import { Console } from '../../../../components/console/console.tsx';
import { Page } from '../../../../components/page.tsx';
import { english } from '../../../../english.ts';

const text = english.user;

/** One user, and all that can be done about them. */
export default function UserPage() {
  return (
    <Console>
      <Page title={text.title} isWide />
    </Console>
  );
}
