import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { OperationId } from '../../src/http/operation.ts';
import { useApp } from '../support/app.ts';
import { useBrowser } from '../support/browser.ts';
import { contract } from '../support/contract.ts';
import { newPerson, type Person } from '../support/people.ts';
import { operations } from './requests.ts';

describe('the page to try it out', function () {
  this.timeout(180_000);
  const app = useApp({ env: { ACCESS_TOKEN_TTL_SECONDS: '60' } });
  const browser = useBrowser(() => app.origin);
  const open = (options = {}) => browser.open(`${app.origin}/docs/try`, options);

  const operation = (page: Page, id: OperationId) =>
    page.locator('.opblock', { has: page.locator(`a[href$="/${id}"]`) });

  async function prepare(page: Page, id: OperationId) {
    const block = operation(page, id);
    // The URL names the operation opened last, so a reload opens it again.
    if (!(await block.getAttribute('class'))?.includes('is-open')) {
      await block.locator('.opblock-summary-control').click();
    }
    await block.getByRole('button', { name: 'Execute' }).waitFor();
    return block;
  }

  async function execute(page: Page, id: OperationId): Promise<string> {
    const block = operation(page, id);
    const answered = page.waitForResponse((response) => response.url().includes('/api/v1/'));
    await block.getByRole('button', { name: 'Execute' }).click();
    await answered;
    await block.locator('.loading-container').waitFor({ state: 'detached' });
    return (await block.locator('.live-responses-table .response-col_status').nth(1).innerText()).slice(0, 3);
  }

  async function signIn(page: Page, { email, password }: Person) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText(`Signed in as ${email}`).waitFor();
  }

  const storedTokens = (page: Page) =>
    page.evaluate<{ access_token: string }>(`JSON.parse(sessionStorage.getItem('latchkey-try'))`);

  it('offers every operation, the first right below the sign-in form, in light or dark as the system is', async () => {
    const page = await open({ colorScheme: 'light' });

    await operation(page, 'registerUser').waitFor();
    for (const { id } of operations) expect(await operation(page, id).count(), id).to.equal(1);
    const box = await operation(page, 'registerUser').boundingBox();
    expect(box?.y).to.be.below(300);
    expect(await page.getByRole('link', { name: 'Guide and reference' }).getAttribute('href')).to.equal('/docs');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const [paper = 0, text = 0] = await page.evaluate<number[]>(`[
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector('.opblock-tag')).color,
      ].map((colour) => Number(/\\d+/.exec(colour)[0]))`);
      expect(text > paper).to.equal(colorScheme === 'dark');
      await browser.picture(page, `try-${colorScheme}`);
    }
    expect(browser.troubles).to.deep.equal([]);
  });

  it('leaves every parameter empty', async () => {
    const page = await open();
    const seen = new Set<string>();

    for (const { id, named } of mostKindsFirst()) {
      if (named.every((one) => seen.has(one))) continue;
      for (const one of named) seen.add(one);
      const block = await prepare(page, id);
      const fields = block.locator('.parameters-container').locator('input:not([type=checkbox]), select');
      expect(await fields.count(), id).to.be.at.least(named.length);
      // What has one value only, such as the header of browser sessions, is filled in.
      const values = await fields.evaluateAll((all) =>
        (all as { value: string; options?: { length: number } }[])
          .filter(({ options }) => options?.length !== 1)
          .map(({ value }) => value),
      );
      expect(values.join(''), id).to.equal('');
      await block.locator('.opblock-summary-control').click(); // closed, since open ones slow the page down
    }
    expect(seen.size).to.be.above(5);
  });

  it('works with its examples as they are: registers, signs in and signs out the same person', async () => {
    const page = await open();

    for (const [id, status] of [
      ['registerUser', '201'],
      ['login', '200'],
      ['updateCurrentUser', '200'],
      ['refreshTokens', '200'],
      ['logout', '204'],
    ] as const) {
      const block = await prepare(page, id);
      expect(await execute(page, id), id).to.equal(status);
      await block.locator('.opblock-summary-control').click(); // closed, since open ones slow the page down
    }
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });

  it('signs in with its form, also after a reload, sends a POST twice with another body, and signs out on the server', async () => {
    const page = await open();
    const admin = await app.signIn('admin', newPerson());
    await page.getByLabel('E-mail').fill(admin.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).to.equal(admin.email);

    await signIn(page, admin);
    browser.troubles.length = 0; // the console tells of the sign-in that failed
    await page.reload();

    await page.getByText(`Signed in as ${admin.email} (admin)`).waitFor();
    const block = await prepare(page, 'createUser');
    const statuses = [];
    for (const email of [newPerson().email, newPerson().email]) {
      const body = JSON.parse(await block.locator('textarea').inputValue()) as object;
      await block.locator('textarea').fill(JSON.stringify({ ...body, email }));
      statuses.push(await execute(page, 'createUser'));
    }
    expect(statuses).to.deep.equal(['201', '201']);
    expect(browser.troubles).to.deep.equal([]);
    await browser.picture(page, 'try');

    const { access_token } = await storedTokens(page);
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/logout'));
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await answered;
    expect((await app.send('get', '/auth/me', { token: access_token })).status).to.equal(401);
    await page.reload();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });

  it('refreshes the access token before it expires, and says when the session was revoked elsewhere', async () => {
    const page = await open();
    const ada = await app.signIn('user', newPerson());
    await signIn(page, ada);
    const before = await storedTokens(page);
    await page.clock.install();
    await page.clock.fastForward(50_000);
    await prepare(page, 'getCurrentUser');

    expect(await execute(page, 'getCurrentUser')).to.equal('200');
    expect((await storedTokens(page)).access_token).not.to.equal(before.access_token);

    const { accessToken: token } = await app.signIn('admin', newPerson());
    await app.send('patch', `/users/${ada.id}`, { token, json: { is_active: false } });

    expect(await execute(page, 'getCurrentUser')).to.equal('401');
    await page.getByText('Your session ended. Sign in again.').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });

  it('fits a phone, even while it shows a response', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await signIn(page, await app.signIn('moderator', newPerson()));
    await prepare(page, 'listUsers');
    expect(await execute(page, 'listUsers')).to.equal('200');

    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(390);
    await browser.picture(page, 'try-phone');
  });
});

interface Described {
  readonly $ref?: string;
  readonly in?: string;
  readonly type?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: unknown;
  readonly schema?: Described;
}

/** Each operation with the kinds of its parameters. Those with many come first, so that few show them all. */
function mostKindsFirst() {
  const described = operations.map(({ id, path, operation: { parameters = [] } }) => {
    const shared = (contract.paths[path]!['parameters'] ?? []) as object[];
    return { id, named: [...shared, ...parameters].map(kindOf) };
  });
  return described.sort((one, other) => new Set(other.named).size - new Set(one.named).size);
}

/** The page treats parameters alike that differ in their names, words and bounds alone. */
function kindOf(reference: object): string {
  const parameter = described(reference);
  const schema = described(parameter.schema ?? {});
  const has = (name: 'example' | 'default' | 'enum') => (parameter[name] ?? schema[name]) !== undefined;
  return [parameter.in, schema.type, has('example'), has('default'), has('enum')].join(' ');
}

function described(part: Described): Described {
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(.+)$/.exec(part.$ref ?? '') ?? [];
  return part.$ref === undefined ? part : (contract.components[kind]![name] as Described);
}
