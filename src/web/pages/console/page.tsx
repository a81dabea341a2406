import { Console } from '../../components/console/console.tsx';
import { Page } from '../../components/page.tsx';
import { english } from '../../english.ts';

const text = english.overview;

/** Where the console begins. */
export default function OverviewPage() {
  return (
    <Console>
      <Page title={text.title} lead={text.lead} isWide>
        <p>
          <a href="/console/users">{text.users}</a>
        </p>
        <p class="note">{text.usersHint}</p>
      </Page>
    </Console>
  );
}
