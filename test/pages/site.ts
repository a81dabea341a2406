/** A Latchkey with pages, the mail server that it sends to, and people who open both. */
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { useBrowser, type TestBrowser } from '../support/browser.ts';
import { copyTemplate } from '../support/database.ts';
import { deliverMails } from '../support/mails.ts';
import type { Person } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { startMailServer, type MailServer } from '../support/smtp.ts';

export interface Site {
  readonly app: TestApp;
  readonly browser: TestBrowser;
  /** `http://localhost:port`, since passkeys need a name. */
  readonly origin: string;
  /** Opens a page in a browser of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Opens a page in a browser where somebody without a second factor has signed in before. */
  openAs(person: Person, path: string, options?: BrowserContextOptions): Promise<Page>;
  /** The latest mail to an address, read from the mail server; throws if there is none. */
  mailTo(email: string): Promise<{ readonly link: string; readonly code: string }>;
}

/** Starts all of it for the suite. */
export function useSite(env: Record<string, string> = {}): Site {
  let app: Awaited<ReturnType<typeof startApp>>;
  let mailServer: MailServer;
  let drop: () => Promise<void>;
  let origin = '';

  before('start a server with pages, and a mail server', async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    mailServer = await startMailServer({});
    const copy = await copyTemplate();
    drop = copy.drop;
    const mail = { SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`, MAIL_FROM: 'accounts@example.com' };
    app = await startApp(copy.url, { port, env: { PUBLIC_URL: origin, ...mail, ...env } });
  });
  const browser = useBrowser(() => origin);
  after('stop both', async () => {
    await app.stop();
    await mailServer.stop();
    await drop();
  });

  return {
    get app() {
      return app;
    },
    browser,
    get origin() {
      return origin;
    },
    open: (path, options = {}) => browser.open(origin + path, options),
    async openAs(person, path, options = {}) {
      const { body } = await app.login(person);
      const { refresh_token: value } = body as { refresh_token: string };
      const place = { domain: 'localhost', path: '/', expires: -1, secure: false } as const;
      const cookie = { name: 'latchkey', value, ...place, httpOnly: true, sameSite: 'Strict' } as const;
      return browser.open(origin + path, { ...options, storageState: { cookies: [cookie], origins: [] } });
    },
    async mailTo(email) {
      await deliverMails(app);
      const mail = mailServer.received.findLast(({ recipients }) => recipients.includes(email));
      if (!mail) throw new Error(`there is no mail to ${email}`);
      const [link = ''] = /https?:\/\/\S+#\S+/.exec(mail.text) ?? [];
      return { link, code: new URLSearchParams(link.split('#')[1]).get('code') ?? '' };
    },
  };
}

/** The sizes and colours that pages are looked at in; colours alone change no more than contrasts. */
const looks = [
  { name: '1280-light', colorScheme: 'light', viewport: { width: 1280, height: 800 }, rules: undefined },
  { name: '1280-dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, rules: ['color-contrast'] },
  { name: '360-dark', colorScheme: 'dark', viewport: { width: 360, height: 740 }, rules: ['color-contrast'] },
  { name: '360-light', colorScheme: 'light', viewport: { width: 360, height: 740 }, rules: undefined },
] as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: {
    readonly id: string;
    readonly nodes: { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Expects a page without a violation of WCAG 2.2 AA or of good practice that a program can find, and no wider than its window. */
export async function expectAccessible(page: Page, rules?: readonly string[]): Promise<void> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>(`axe.run(${JSON.stringify(rules ? { runOnly: rules } : {})})`);
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
  );
  expect(found, page.url()).to.deep.equal([]);
  await expectToFit(page);
}

async function expectToFit(page: Page): Promise<void> {
  const tooWide = await page.evaluate<string[]>(`document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth)
      .map((one) => one.cloneNode().outerHTML)`);
  expect(tooWide, `what is wider than the window of ${page.url()}`).to.deep.equal([]);
}

/** Gives a page an authenticator that agrees to everything. */
export async function addAuthenticator(
  page: Page,
): Promise<{ readonly devtools: CDPSession; readonly authenticatorId: string }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { devtools, authenticatorId };
}

/** Fills in the form of /sign-in and sends it. */
export async function signIn(page: Page, { email, password }: { readonly email: string; readonly password: string }) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/**
 * Declares a test that looks at what `open` shows, in each size and colour and with text twice as large: no violation, nothing too wide,
 * and a picture for people.
 */
export function itLooksWell(site: Site, name: string, open: () => Promise<Page>): void {
  it(`looks well and is accessible in each size and colour: ${name}`, async () => {
    const page = await open();
    for (const { name: look, colorScheme, viewport, rules } of looks) {
      await page.emulateMedia({ colorScheme });
      const narrowest = viewport.width === 360 ? 320 : viewport.width;
      await page.setViewportSize({ ...viewport, width: narrowest });
      await expectAccessible(page, rules);
      await page.setViewportSize(viewport);
      await site.browser.picture(page, `page-${name}-${look}`);
    }
    await page.setViewportSize({ width: 640, height: 800 });
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    await expectToFit(page);
    await site.browser.picture(page, `page-${name}-large-text`);
    expect(site.browser.troubles).to.deep.equal([]);
  });
}

/** A page's title, as people read it. */
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
