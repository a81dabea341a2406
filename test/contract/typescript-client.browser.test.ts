/** The TypeScript client in two browser tabs of one site. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { useApp, type SignedIn } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { guessFromEverywhere } from '../support/guesses.ts';
import { useVisitors } from './client-site.ts';

// In each tab: a client, and the events it reported.
declare const window: { readonly client: Package.Client; readonly events: string[] };
declare const localStorage: {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  clear(): void;
};

const page = `<!doctype html><title>A page</title>
  <script type="module">
    import { browserTokenStore, createClient } from '/index.js';
    const events = [];
    const onSignedOut = (problem) => events.push('onSignedOut ' + problem?.code);
    const client = createClient({ baseUrl: '', tokens: browserTokenStore(), onSignedOut });
    client.onChange((isSignedIn) => events.push(isSignedIn ? 'signed in' : 'signed out'));
    Object.assign(window, { client, events });
  </script>`;

describe('the TypeScript client in two browser tabs', () => {
  const app = useApp();
  const { openTabs, reload } = useVisitors(app, page);

  const kinds: Record<string, string> = {
    'with navigator.locks': '',
    'without navigator.locks': `Object.defineProperty(navigator, 'locks', { value: undefined });`,
  };
  for (const [kind, script] of Object.entries(kinds)) {
    describe(kind, () => {
      let tabs: [Page, Page];
      let person: SignedIn;
      const refreshes: string[] = [];

      before('open two tabs', async () => {
        tabs = (await openTabs(2, script)) as [Page, Page];
        tabs[0].context().on('request', (request) => {
          if (request.url().endsWith('/auth/refresh')) refreshes.push(request.method());
        });
      });

      beforeEach('sign somebody in in the first', async () => {
        await tabs[0].evaluate(() => localStorage.clear());
        await Promise.all(tabs.map(reload));
        refreshes.length = 0;
        person = await app.signIn();
        await signIn(tabs[0], person);
      });

      it('signs both tabs in, and stays signed in after a reload', async () => {
        const [first, second] = tabs;
        await expectEvents(second, ['signed in']);

        await reload(first);

        expect(await emailIn(first)).to.equal(person.email);
        expect(await emailIn(second)).to.equal(person.email);
      });

      it('refreshes once for both tabs', async () => {
        for (let round = 1; round <= 3; round += 1) {
          await tabs[0].evaluate(() => {
            const kept = JSON.parse(localStorage.getItem('latchkey')!) as object;
            localStorage.setItem('latchkey', JSON.stringify({ ...kept, refreshAt: 0 }));
          });

          const emails = await Promise.all(tabs.flatMap((tab) => [emailIn(tab), emailIn(tab)]));

          expect(new Set(emails)).to.deep.equal(new Set([person.email]));
          expect(refreshes.filter((method) => method === 'POST')).to.have.length(round);
        }
        expect(await eventsIn(tabs[0])).to.deep.equal(['signed in']);
      });

      it('signs both tabs out, leaving no token in either', async () => {
        const [first, second] = tabs;
        await expectEvents(second, ['signed in']);

        await first.evaluate(() => window.client.signOut());

        await expectEvents(second, ['signed in', 'signed out', 'onSignedOut undefined']);
        expect(await eventsIn(first)).to.deep.equal(['signed in', 'signed out']);
        expect(await second.evaluate(() => window.client.getAccessToken())).to.equal(undefined);
      });

      it('is recognised in any tab after signing out, although strangers guessed at the account', async () => {
        const [first, second] = tabs;
        await first.evaluate(() => window.client.signOut());
        await guessFromEverywhere(app, person.email, 100);

        await signIn(second, person);

        expect(await emailIn(second)).to.equal(person.email);
      });

      it('signs both tabs out when the refresh token is refused, with the problem in the tab that refreshed', async () => {
        const [first, second] = tabs;
        await expectEvents(second, ['signed in']);
        await first.evaluate(() => {
          const kept = JSON.parse(localStorage.getItem('latchkey')!) as object;
          const changes = { refreshAt: 0, refreshToken: `lkr_${'x'.repeat(43)}` };
          localStorage.setItem('latchkey', JSON.stringify({ ...kept, ...changes }));
        });

        await emailIn(first).catch(() => {});

        await expectEvents(first, ['signed in', 'signed out', 'onSignedOut invalid_refresh_token']);
        await expectEvents(second, ['signed in', 'signed out', 'onSignedOut undefined']);
      });
    });
  }

  it('recovers soon when a tab is closed while it refreshes', async function () {
    const [tab] = (await openTabs(1, kinds['without navigator.locks'])) as [Page];
    await tab.evaluate(() => localStorage.setItem('latchkey.lock', `gone ${Date.now() + 1000}`));

    const person = await app.signIn();
    await signIn(tab, person);

    expect(await emailIn(tab)).to.equal(person.email);
    expect(await tab.evaluate(() => localStorage.getItem('latchkey.lock'))).to.equal(null);
  });

  it('keeps tokens in memory when storage is forbidden', async () => {
    const script = `Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });`;
    const [tab] = (await openTabs(1, script)) as [Page];
    const person = await app.signIn();

    await signIn(tab, person);

    expect(await emailIn(tab)).to.equal(person.email);
  });

  const expectEvents = (page: Page, events: string[]) =>
    eventually(`the tab has the events ${events.join()}`, async () => {
      expect(await eventsIn(page)).to.deep.equal(events);
      return true;
    });
  const eventsIn = (page: Page) => page.evaluate(() => window.events);
  const emailIn = (page: Page) => page.evaluate(async () => (await window.client.getCurrentUser()).email);

  function signIn(page: Page, { email, password }: SignedIn): Promise<void> {
    return page.evaluate((person) => window.client.signIn(person.email, person.password), {
      email,
      password,
    });
  }
});
