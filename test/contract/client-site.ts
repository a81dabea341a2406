/** A site whose pages use the TypeScript client, as its visitors' browser loads them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { useChromium } from '../support/browser.ts';

declare const window: object;

/** Its origin; the test serves it and forwards API requests, like a proxy in front of both. */
export const site = 'http://localhost:4173';

const lib = path.resolve('dist', 'clients', 'typescript', 'lib');

/** Starts Chromium for the suite, or skips it if there is none. */
export function useVisitors(app: TestApp, page: string) {
  const browser = useChromium();

  async function serve(route: Parameters<Parameters<BrowserContext['route']>[1]>[0]): Promise<void> {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/api/')) {
      return route.fulfill({ response: await route.fetch({ url: app.origin + pathname }) });
    }
    if (!pathname.endsWith('.js')) return route.fulfill({ contentType: 'text/html', body: page });
    const body = await readFile(path.join(lib, path.basename(pathname)), 'utf8');
    return route.fulfill({ contentType: 'text/javascript', body });
  }

  const waitForClient = async (tab: Page): Promise<void> => {
    await tab.waitForFunction(() => 'client' in window);
  };

  /** Opens the page in tabs of one more visitor, each of which runs a script first. */
  async function openTabs(count: number, script = ''): Promise<Page[]> {
    const context: BrowserContext = await browser.current.newContext();
    await context.addInitScript(script);
    await context.route(`${site}/**`, serve);
    const tabs: Page[] = [];
    while (tabs.length < count) tabs.push(await context.newPage());
    for (const tab of tabs) await tab.goto(site);
    await Promise.all(tabs.map(waitForClient));
    return tabs;
  }

  /** Begins again in a tab, as the script and what is stored let it. */
  async function reload(tab: Page): Promise<void> {
    await tab.reload();
    await waitForClient(tab);
  }

  return { openTabs, reload };
}
