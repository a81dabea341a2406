/** A real browser for a test file, if one is installed. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

// The shell is the same engine without what surrounds a window, and takes less time.
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env['CHROMIUM_PATH'] ?? installed.find(existsSync) ?? '/usr/bin/chromium';
const screenshots = path.resolve('coverage', 'screenshots');

export interface TestBrowser {
  /** Opens a page in a new browser context. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors in this test's pages: exceptions, console errors such as CSP violations, and requests to other origins. */
  readonly troubles: string[];
  /** Saves a screenshot for people to look at. */
  picture(page: Page, name: string): Promise<void>;
}

/** Starts Chromium for the suite, or skips it if there is none. */
export function useChromium(): { readonly current: Browser } {
  let browser: Browser | undefined;
  before('start a browser', async function () {
    if (!existsSync(executablePath)) {
      process.stdout.write(`      no Chromium at ${executablePath}: skipped; install it or set CHROMIUM_PATH\n`);
      this.skip();
    }
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', ...quiet];
    browser = await chromium.launch({ executablePath, args });
  });
  after('stop the browser', () => browser?.close());
  return {
    get current() {
      return browser!;
    },
  };
}

/** A browser whose pages may only send requests to `origin`; they are closed after each test. */
export function useBrowser(origin: () => string): TestBrowser {
  const troubles: string[] = [];
  const browser = useChromium();
  before('make a place for pictures', () => mkdir(screenshots, { recursive: true }));

  afterEach('close the pages', async () => {
    troubles.length = 0;
    await Promise.all(browser.current.contexts().map((context) => context.close()));
  });

  return {
    troubles,
    async open(url, options = {}) {
      const context = await browser.current.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
      page.on('console', (message) => message.type() === 'error' && troubles.push(`console: ${message.text()}`));
      page.on('request', (request) => {
        const to = request.url();
        if (!to.startsWith(origin()) && !/^(data|blob):/.test(to)) troubles.push(`request: ${to}`);
      });
      await page.goto(url);
      return page;
    },
    async picture(page, name) {
      await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
    },
  };
}
