/** A real browser for a test file, if one is installed. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

// The shell is the same engine without what surrounds a window, and takes less time.
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
export const chromiumPath = process.env['CHROMIUM_PATH'] ?? installed.find(existsSync) ?? '/usr/bin/chromium';
const screenshots = path.resolve('coverage', 'screenshots');

export interface TestBrowser {
  /** Opens a page in a new browser context. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors in this test's pages: exceptions, console errors such as CSP violations, and requests to other origins. */
  readonly troubles: string[];
  /** Saves a screenshot for people to look at. */
  picture(page: Page, name: string): Promise<void>;
}

/** Starts Chromium for the suite, or skips it if there is none. Pages may only send requests to `origin`. */
export function useBrowser(origin: () => string): TestBrowser {
  const troubles: string[] = [];
  let browser: Browser | undefined;
  let profile: string | undefined;

  before('start a browser', async function () {
    if (!existsSync(chromiumPath)) {
      process.stdout.write(
        `      no Chromium at ${chromiumPath}: skipped what needs one; install it or set CHROMIUM_PATH\n`,
      );
      this.skip();
    }
    profile = await mkdtemp(path.join(tmpdir(), 'latchkey-browser-'));
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    });
    await mkdir(screenshots, { recursive: true });
  });

  afterEach('close the pages', async () => {
    troubles.length = 0;
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });

  after('stop the browser', async () => {
    await browser?.close();
    if (profile) await rm(profile, { recursive: true, force: true });
  });

  return {
    troubles,
    async open(url, options = {}) {
      const context = await browser!.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
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
