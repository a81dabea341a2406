import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newPerson } from '../support/people.ts';
import { button } from './account.ts';
import { openConsole } from './console.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the console', () => {
  const site = useSite();
  const overview = { path: '/console', title: 'Overview' };
  const places = (page: Page) => page.getByRole('navigation', { name: 'Parts of the console' }).getByRole('link');

  it('asks whoever is not signed in to do so, and comes back', async () => {
    const admin = await site.app.signIn('admin', newPerson());
    const page = await site.open('/console/users?search=ada');
    await heading(page, 'Sign in').waitFor();

    await signIn(page, admin);

    await heading(page, 'Users').waitFor();
    expect(new URL(page.url()).search).to.equal('?search=ada');
  });

  it('shows administrators all of it, moderators what their role allows, and users only why they see nothing', async () => {
    const admin = await openConsole(site, await site.app.signIn('admin', newPerson()), overview);
    expect(await places(admin).allTextContents()).to.deep.equal(['Overview', 'Users', 'Events', 'Jobs']);

    const moderator = await openConsole(site, await site.app.signIn('moderator', newPerson()), overview);
    expect(await places(moderator).allTextContents()).to.deep.equal(['Overview', 'Users']);

    const user = await site.app.signIn('user', newPerson());
    const page = await openConsole(site, user, { ...overview, title: 'This is not for you' });
    await page.getByText('The console is for moderators and administrators.').waitFor();
    expect(await places(page).count()).to.equal(0);
  });

  it('is found from the account by those who may see it, and leads back and out', async () => {
    const page = await openConsole(site, await site.app.signIn('moderator', newPerson()), {
      path: '/account',
      title: 'Your account',
    });
    await page.getByRole('link', { name: 'Console', exact: true }).click();
    await heading(page, 'Overview').waitFor();

    await button(page, /^Signed in as /).click();
    await page.getByRole('link', { name: 'Your account' }).click();
    await heading(page, 'Your account').waitFor();
    await page.goBack();
    await button(page, /^Signed in as /).click();
    await button(page, 'Sign out').click();

    await heading(page, 'Sign in').waitFor();
    await page.goBack();
    await heading(page, 'Sign in').waitFor();
    expect(await places(page).count(), 'what is left of the console after Back').to.equal(0);
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('asks to sign in over the page when the session has ended, and goes on', async () => {
    const admin = await site.app.signIn('admin', newPerson());
    const page = await openConsole(site, admin, overview);
    const other = await page.context().newPage();
    await other.goto(`${site.origin}/account`);
    await button(other, 'Sign out').click();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });

    await dialog.getByLabel('Password', { exact: true }).fill(admin.password);
    await dialog.getByRole('button', { name: 'Continue' }).click();

    await dialog.waitFor({ state: 'detached' });
    await heading(page, 'Overview').waitFor();
  });

  itLooksWell(site, 'console', async () => {
    const admin = await site.app.signIn('admin', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openConsole(site, admin, overview);
    await button(page, 'Signed in as Ada Lovelace').click();
    return page;
  });
});
