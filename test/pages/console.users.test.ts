import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { addUser } from '../support/factories.ts';
import { newPerson } from '../support/people.ts';
import { openConsole } from './console.ts';
import { heading, itLooksWell, useSite } from './site.ts';

describe('the page /console/users', () => {
  const site = useSite();
  const list = { path: '/console/users', title: 'Users' };
  const rows = (page: Page) =>
    page
      .getByRole('table')
      .getByRole('row')
      .filter({ has: page.getByRole('cell') });
  const search = (page: Page) => page.getByRole('searchbox', { name: 'Search users' });
  const position = (page: Page) => page.evaluate<number>('scrollY');
  let moderator: SignedIn;

  before('add a thousand users, and people to find among them', async () => {
    moderator = await site.app.signIn('moderator', newPerson({ fullName: 'Mo Derator', email: 'mo@example.com' }));
    await site.app.context.database.pool.raw(
      `insert into users (id, email, full_name, role, is_active, password_hash, created_at)
      select gen_random_uuid(), 'many.' || n || '@example.com', 'Many ' || n, 'user', n % 5 > 0, '', '2020-01-01Z'::timestamptz + n * interval '1 hour'
      from generate_series(1, 1100) n`,
    );
    await addUser(site.app, { fullName: 'Ada Lovelace', email: 'ada@example.com' });
    await addUser(site.app, { fullName: 'Grace Hopper', email: 'grace@navy.example', isActive: false });
    await addUser(site.app, { fullName: 'Dorothy Vaughan', email: 'dorothy@navy.example', role: 'admin' });
    await addUser(site.app, {
      fullName: 'Wolfeschlegelsteinhausenbergerdorff',
      email: `${'long.'.repeat(9)}address@navy.example`,
    });
    await addUser(site.app, { fullName: 'Li', email: 'li@navy.example', role: 'moderator', isActive: false });
    await site.app.context.database
      .pool('users')
      .where({ full_name: 'Grace Hopper' })
      .update({ email_verified_at: new Date() });
    await addUser(site.app, { fullName: 'Adam Smith', email: 'smith@example.net', role: 'admin' });
  });

  it('finds users while somebody types; the address keeps search and filters over Back, reload and in a link', async () => {
    const page = await openConsole(site, moderator, list);
    await page.getByText('More than 1,000 users').waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('ada');
    await page.getByText('2 users').waitFor();
    await page.getByLabel('Role').selectOption('Administrator');
    await page.getByText('1 user', { exact: true }).waitFor();

    expect(new URL(page.url()).search).to.equal('?search=ada&role=admin');
    await rows(page).getByRole('link', { name: 'Adam Smith' }).click();
    await heading(page, 'Adam Smith').waitFor();
    await page.goBack();
    await page.getByText('1 user', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('1 user', { exact: true }).waitFor();
    expect(await search(page).inputValue()).to.equal('ada');
    expect(await page.getByLabel('Role').inputValue()).to.equal('admin');
    await page.goBack();
    await page.getByText('2 users').waitFor();
    expect(await page.getByLabel('Role').inputValue()).to.equal('');
    await search(page).fill('');
    await page.getByLabel('Address', { exact: true }).selectOption('Confirmed');
    await rows(page).getByRole('link', { name: 'Grace Hopper' }).waitFor();
    await page.getByText('1 user', { exact: true }).waitFor();
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('sorts by a column, says when nobody matches, and shows everybody again', async () => {
    const page = await openConsole(site, moderator, { ...list, path: '/console/users?search=example.n' });
    await page.getByText('1 user', { exact: true }).waitFor();
    await search(page).fill('nobody at all');
    await page.getByText('There is no user with “nobody at all” in the name').waitFor();
    await search(page).fill(moderator.id.slice(0, 23));
    await rows(page).getByRole('link', { name: 'Mo Derator' }).waitFor();
    await search(page).fill('nobody at all');
    await page.getByRole('link', { name: 'Show all users' }).click();
    await page.getByText('More than 1,000 users').waitFor();
    expect(await search(page).inputValue()).to.equal('');

    await page.getByRole('columnheader').getByRole('link', { name: 'Name' }).click();

    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    await rows(page).first().getByText('Ada Lovelace').waitFor();
    expect(new URL(page.url()).search).to.equal('?sort_by=full_name');
    const head = page.getByRole('columnheader', { name: 'Name' });
    expect(await head.getAttribute('aria-sort')).to.equal('ascending');
  });

  it('leads from the search to a user, and back to it, by the keyboard alone', async () => {
    const page = await openConsole(site, moderator, list);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('/');
    await page.keyboard.type('lovelace');
    await page.getByText('1 user', { exact: true }).waitFor();

    while ((await focused()) !== 'Ada Lovelace') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    await heading(page, 'Ada Lovelace').waitFor();
    expect(await focused()).to.equal('Ada Lovelace');
    await page.goBack();
    await page.getByText('1 user', { exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('dorothy');
    await rows(page).getByText('Dorothy Vaughan').waitFor();
  });

  it('goes on while somebody scrolls, keeps few rows in the page, and is where it was after Back and reload', async () => {
    const page = await openConsole(site, moderator, { ...list, path: '/console/users?is_active=false&sort_order=asc' });
    await rows(page).first().getByText('Many 5', { exact: true }).waitFor();

    const last = rows(page).getByRole('link', { name: 'Li', exact: true });
    while ((await last.count()) === 0) await page.keyboard.press('End');
    expect(await rows(page).count()).to.be.below(160);
    const far = rows(page).getByRole('link', { name: 'Many 550', exact: true });
    await page.evaluate('scrollTo(0, document.body.scrollHeight / 2)');
    await far.scrollIntoViewIfNeeded();

    const before = await position(page);
    await far.click();
    await heading(page, 'Many 550').waitFor();
    await page.goBack();
    await far.waitFor();
    expect(await position(page)).to.be.closeTo(before, 200);
    await page.locator('a:focus', { hasText: 'Many 550' }).waitFor();
    await page.reload();
    await far.waitFor();
    expect(await position(page)).to.be.closeTo(before, 200);
  });

  it('keeps what it shows when the rest of the list fails to load, and goes on from there', async () => {
    const page = await openConsole(site, moderator, { ...list, path: '/console/users?is_active=false&sort_order=asc' });
    await rows(page).first().getByText('Many 5', { exact: true }).waitFor();
    await page.route(/cursor=/, (route) => route.abort());
    const alert = page.getByRole('alert');

    while ((await alert.count()) === 0) await page.keyboard.press('End');
    const before = await rows(page).count();
    await page.unroute(/cursor=/);
    await alert.getByRole('button', { name: 'Try now' }).click();

    await alert.waitFor({ state: 'detached' });
    const last = rows(page).getByRole('link', { name: 'Li', exact: true });
    while ((await last.count()) === 0) await page.keyboard.press('End');
    expect(before).to.be.above(0);
  });

  describe('and the deleted ones', () => {
    const deleted = { path: '/console/users/deleted', title: 'Deleted users' };
    let admin: SignedIn;

    before('delete some', async () => {
      admin = await site.app.signIn('admin', newPerson({ fullName: 'Ann Admin' }));
      for (const fullName of ['Katherine Johnson', 'Mary Jackson', 'Joan Clarke']) {
        const { id } = await addUser(site.app, { fullName, role: fullName === 'Joan Clarke' ? 'moderator' : 'user' });
        await site.app.users.remove(id);
      }
    });

    it('are found from a search that nobody matches, and restored', async () => {
      const page = await openConsole(site, admin, { ...list, path: '/console/users?search=katherine' });
      await page.getByRole('link', { name: 'Look among deleted users' }).click();
      await heading(page, 'Deleted users').waitFor();
      const restore = rows(page).getByRole('button', { name: 'Restore Katherine Johnson' });
      await restore.waitFor();
      expect(await rows(page).count()).to.equal(1);

      await restore.click();

      await rows(page).getByText('Restored', { exact: true }).waitFor();
      await rows(page).getByRole('link', { name: 'Katherine Johnson' }).click();
      await heading(page, 'Katherine Johnson').waitFor();
      await page.getByRole('heading', { name: 'Profile' }).waitFor();
      expect(site.browser.troubles).to.deep.equal([]);
    });

    it('stay deleted while somebody else has their address', async () => {
      const [gone] = await site.app.context.database.pool('users').where({ full_name: 'Mary Jackson' });
      await addUser(site.app, { fullName: 'Successor', email: gone.email as string });
      const page = await openConsole(site, admin, { ...deleted, path: '/console/users/deleted?search=mary+jackson' });

      await rows(page).getByRole('button', { name: 'Restore Mary Jackson' }).click();

      await page.getByRole('alert').getByText('Somebody else has the address by now').waitFor();
      expect(site.browser.troubles.splice(0).filter((trouble) => trouble.includes(' 409 '))).to.have.length(1);
    });

    itLooksWell(site, 'console-deleted-users', async () => {
      const page = await openConsole(site, admin, deleted);
      await rows(page).getByRole('button', { name: 'Restore Joan Clarke' }).waitFor();
      return page;
    });
  });

  it('asks before it goes on with a search that has found nobody for long', async () => {
    const page = await openConsole(site, moderator, list);
    let asked = 0;
    await page.route(/search=rare/, (route) => {
      asked += 1;
      const next_cursor = asked < 30 ? `cursor ${asked}` : null;
      return route.fulfill({ json: { items: [], next_cursor, total: 0, total_is_exact: false } });
    });

    await search(page).fill('rare');
    await page.getByText('Nobody found yet').waitFor();
    await page.getByRole('button', { name: 'Search on' }).click();

    await page.getByText('There is no user with “rare” in the name').waitFor();
    expect(asked).to.equal(30);
    expect(site.browser.troubles).to.deep.equal([]);
  });

  itLooksWell(site, 'console-users', async () => {
    const page = await openConsole(site, moderator, { ...list, path: '/console/users?search=navy' });
    await rows(page).nth(3).waitFor();
    return page;
  });
});
