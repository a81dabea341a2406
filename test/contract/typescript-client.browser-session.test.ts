/** The TypeScript client with a session by cookie: real tabs of a page on another origin of the server's site, and real cookies. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type { BrowserContext, Page } from 'playwright-core';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { startApp, useApp, type SignedIn, type TestApp } from '../support/app.ts';
import { useChromium } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { guessFromEverywhere } from '../support/guesses.ts';

// In each tab: a client, the events it reported, and how many milliseconds later it is there.
declare const window: { readonly client: Package.Client; readonly events: string[]; later: number };
declare const document: { readonly cookie: string };
declare const localStorage: object;

const lib = path.resolve('dist', 'clients', 'typescript', 'lib');

const pageOf = (baseUrl: string) => `<!doctype html><title>A page</title>
  <script type="module">
    window.later = 0;
    const now = Date.now;
    Date.now = () => now() + window.later;
    const { createClient } = await import('/index.js');
    const events = [];
    const onSignedOut = (problem) => events.push('onSignedOut ' + problem?.code);
    const client = createClient({ baseUrl: '${baseUrl}', session: 'cookie', onSignedOut, retry: { attempts: 1 } });
    client.onChange((isSignedIn) => events.push(isSignedIn ? 'signed in' : 'signed out'));
    Object.assign(window, { client, events });
  </script>`;

describe('the TypeScript client with a session by cookie', function () {
  const sound = useApp();
  let started: (TestApp & { stop(): Promise<void> }) | undefined;
  let app: TestApp;
  let site: Server | undefined;
  const browser = useChromium();
  let context: BrowserContext | undefined;
  let port: number;
  let requests: string[] = [];
  const visitors = new Map<string, Page[]>();

  before('serve a page', async () => {
    const server = createServer((request, response) => {
      const isScript = request.url?.endsWith('.js') === true;
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      if (!isScript) return void response.end(pageOf(app.origin));
      void readFile(path.join(lib, path.basename(request.url!))).then((script) => response.end(script));
    }).listen(0);
    site = server;
    await once(server, 'listening');
    ({ port } = server.address() as { port: number });
    const CORS_ORIGINS = `http://127.0.0.1:${port},http://localhost:${port}`;
    app = started = await startApp(sound.databaseUrl, { env: { PUBLIC_URL: 'http://127.0.0.1', CORS_ORIGINS } });
  });
  after('stop them', async () => {
    await started?.stop();
    site?.close();
  });

  /** Opens tabs of one visitor, in whose browser nobody is signed in. They are used again, since opening others takes longer. */
  async function openTabs(count: number, script = ''): Promise<Page[]> {
    const name = `${count} ${script}`;
    const known = visitors.get(name);
    const tabs = known ?? (await openBrowser(count, script));
    visitors.set(name, tabs);
    context = tabs[0]!.context();
    for (const tab of context.pages()) if (!tabs.includes(tab)) await tab.close();
    await context.clearCookies();
    if (known) await Promise.all(tabs.map(reload));
    requests = [];
    return tabs;
  }

  async function openBrowser(count: number, script: string): Promise<Page[]> {
    const opened = await browser.current.newContext();
    await opened.addInitScript(script);
    opened.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/')) requests.push(`${request.method()} ${pathname.replace('/api/v1', '')}`);
    });
    context = opened;
    const tabs: Page[] = [];
    while (tabs.length < count) tabs.push(await openTab());
    return tabs;
  }

  async function openTab(host = '127.0.0.1'): Promise<Page> {
    const tab = await context!.newPage();
    await tab.goto(`http://${host}:${port}`);
    await tab.waitForFunction(() => 'client' in window);
    return tab;
  }

  async function reload(tab: Page): Promise<void> {
    await tab.reload();
    await tab.waitForFunction(() => 'client' in window);
  }

  const continuations = () => requests.filter((request) => request === 'POST /auth/browser-session').length;
  const signIn = (tab: Page, { email, password }: SignedIn) =>
    tab.evaluate(([email, password]) => window.client.signIn(email!, password!), [email, password]);
  const emailIn = (tab: Page) => tab.evaluate(async () => (await window.client.getCurrentUser()).email);
  const isSignedIn = (tab: Page) => tab.evaluate(() => window.client.isSignedIn());
  const eventsIn = (tab: Page) => tab.evaluate(() => window.events);
  const expectEvents = (tab: Page, events: string[]) =>
    eventually(`the tab reports ${events.join(', ')}`, async () => (await eventsIn(tab)).join() === events.join());
  const waitUntilExpiring = (tabs: Page[]) =>
    Promise.all(
      tabs.map((tab) =>
        tab.evaluate(() => {
          window.later += 880_000;
        }),
      ),
    );

  it('shows no script what continues the session, and stays signed in after a reload', async () => {
    const [tab] = (await openTabs(1)) as [Page];
    const ada = await sound.signIn();
    await signIn(tab, ada);

    await reload(tab);

    expect(await isSignedIn(tab)).to.equal(true);
    expect(await emailIn(tab)).to.equal(ada.email);
    expect(await tab.evaluate(() => document.cookie + JSON.stringify(localStorage))).to.equal('{}');
    const cookies = (await context!.cookies(app.origin)).map(({ name, httpOnly, sameSite }) => ({
      name,
      httpOnly,
      sameSite,
    }));
    expect(cookies).to.have.deep.members([
      { name: 'latchkey', httpOnly: true, sameSite: 'Strict' },
      { name: 'latchkey-device', httpOnly: true, sameSite: 'Strict' },
    ]);
  });

  it('finds out once whether somebody is signed in, however many calls ask', async () => {
    const [tab] = (await openTabs(1)) as [Page];

    const answers = await tab.evaluate(() =>
      Promise.all([window.client.isSignedIn(), window.client.isSignedIn(), window.client.getAccessToken()]),
    );

    expect(answers).to.deep.equal([false, false, undefined]);
    expect(await isSignedIn(tab)).to.equal(false);
    expect(continuations()).to.equal(1);
    expect(await eventsIn(tab)).to.deep.equal([]);
  });

  it('is recognised after signing out, although strangers guessed at the account', async () => {
    const [tab] = (await openTabs(1)) as [Page];
    const ada = await sound.signIn();
    await signIn(tab, ada);
    await tab.evaluate(() => window.client.signOut());
    await guessFromEverywhere(app, ada.email, 100);

    await signIn(tab, ada);

    expect(await emailIn(tab)).to.equal(ada.email);
  });

  it('proves who is signed in once more, and goes on with an access token that says so', async () => {
    const [tab] = (await openTabs(1)) as [Page];
    const ada = await sound.signIn();
    await signIn(tab, ada);
    const sessions = sound.context.database.pool('sessions').where({ user_id: ada.id });
    await sessions.update({ authenticated_at: new Date(Date.now() - 3_600_000) });

    await tab.evaluate((password) => window.client.reauthenticate(password), ada.password);

    const token = await tab.evaluate(() => window.client.getAccessToken());
    const { auth_time: at } = jwt.decode(token!, { json: true })!;
    expect(Date.now() / 1000 - (at as number)).to.be.within(0, 60);
    expect(await emailIn(tab)).to.equal(ada.email);
    expect(await eventsIn(tab)).to.deep.equal(['signed in']);
  });

  it('is refused on another site, where browsers send no such cookies', async () => {
    await openTabs(1);
    const tab = await openTab('localhost');

    const code = await tab.evaluate(() =>
      window.client.isSignedIn().catch((error: unknown) => (error as Package.ProblemError).code),
    );

    expect(code).to.equal('origin_not_allowed');
  });

  describe('in several tabs', () => {
    let tabs: [Page, Page, Page];
    let ada: SignedIn;

    beforeEach('sign in in the first', async () => {
      tabs = (await openTabs(3)) as [Page, Page, Page];
      ada = await sound.signIn();
      await signIn(tabs[0], ada);
      for (const tab of tabs) await expectEvents(tab, ['signed in']);
      requests = [];
    });

    it('hands the access token to the others, which ask the service for none', async () => {
      expect(await Promise.all(tabs.map(emailIn))).to.deep.equal([ada.email, ada.email, ada.email]);
      expect(continuations()).to.equal(0);
    });

    it('refreshes once for all', async () => {
      for (let round = 1; round <= 3; round += 1) {
        await waitUntilExpiring(tabs);
        const emails = await Promise.all(tabs.flatMap((tab) => [emailIn(tab), emailIn(tab)]));

        expect(new Set(emails)).to.deep.equal(new Set([ada.email]));
        expect(continuations()).to.equal(round);
      }
      for (const tab of tabs) expect(await eventsIn(tab)).to.deep.equal(['signed in']);
    });

    it('signs all of them out, and a new one finds nobody', async () => {
      await tabs[1].evaluate(() => window.client.signOut());

      await expectEvents(tabs[0], ['signed in', 'signed out', 'onSignedOut undefined']);
      await expectEvents(tabs[1], ['signed in', 'signed out']);
      await expectEvents(tabs[2], ['signed in', 'signed out', 'onSignedOut undefined']);
      expect(await isSignedIn(await openTab())).to.equal(false);
      expect((await context!.cookies(app.origin)).map(({ name }) => name)).to.deep.equal(['latchkey-device']);
    });

    it('signs out in a tab that has called nothing yet', async () => {
      const tab = await openTab();

      await tab.evaluate(() => window.client.signOut());

      await expectEvents(tabs[0], ['signed in', 'signed out', 'onSignedOut undefined']);
    });

    it('says so in all of them when the session was ended elsewhere, with the problem where it was found', async () => {
      const { body } = await app.send('post', '/auth/login', { json: { email: ada.email, password: ada.password } });
      await app.send('delete', '/auth/sessions', { token: body.access_token });

      await emailIn(tabs[2]).catch(() => {});

      await expectEvents(tabs[2], ['signed in', 'signed out', 'onSignedOut invalid_refresh_token']);
      await expectEvents(tabs[0], ['signed in', 'signed out', 'onSignedOut undefined']);
    });

    it('goes on as whoever signs in next, in each of them', async () => {
      const grace = await sound.signIn();
      await signIn(tabs[2], grace);

      await expectEvents(tabs[0], ['signed in', 'signed in']);
      expect(await Promise.all(tabs.map(emailIn))).to.deep.equal([grace.email, grace.email, grace.email]);
    });
  });

  it('works without locks and channels, where each tab continues the session for itself', async () => {
    const script = `Object.defineProperty(navigator, 'locks', { value: undefined }); delete globalThis.BroadcastChannel;`;
    const [first] = (await openTabs(1, script)) as [Page];
    const ada = await sound.signIn();
    await signIn(first, ada);
    const second = await openTab();
    await waitUntilExpiring([first, second]);

    expect(await Promise.all([emailIn(first), emailIn(second)])).to.deep.equal([ada.email, ada.email]);
    await first.evaluate(() => window.client.signOut());
    await emailIn(second).catch(() => {});

    await expectEvents(second, ['signed in', 'signed out', 'onSignedOut invalid_refresh_token']);
  });
});
