import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { makeOnlyAdmin } from '../support/consequences.ts';
import { newPerson } from '../support/people.ts';
import { button, openAccount, section } from './account.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('events, export and deletion of the page /account', () => {
  const site = useSite();
  const notMe = (page: Page) => page.getByRole('button', { name: 'This wasn’t me: Signed in,' }).first();

  it('tells recent events in plain words, and more of them on request', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const { email } = ada;
    for (let failures = 0; failures < 3; failures += 1)
      await site.app.send('post', '/auth/login', { json: { email, password: 'a wrong one' } });
    for (const full_name of ['Ada', 'Ada K', 'Ada Ki', 'Ada Kin', 'Ada King'])
      await site.app.send('patch', '/auth/me', { token: ada.accessToken, json: { full_name } });
    const page = await openAccount(site, ada);
    const events = section(page, 'Recent events');
    const items = events.getByRole('listitem');
    expect(await items.count()).to.equal(8);
    expect(await items.first().textContent()).to.match(
      /^Signed in\d+ \w+ \d{4} at \d\d:\d\d from 127\.0\.0\.1This wasn’t me$/,
    );

    await button(events, 'Show more').click();

    await events.getByText('The account was made').waitFor();
    expect(await events.getByText('A sign-in failed').count()).to.equal(3);
    expect(await button(events, 'Show more').count()).to.equal(0);
  });

  it('leads from each event that was somebody else to a new password', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));

    await notMe(page).click();
    await button(page, 'Choose a new password').click();

    await page.getByLabel('Current password', { exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.name')).to.equal('current_password');
  });

  it('downloads all data', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);

    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download your data').click()]);

    expect(download.suggestedFilename()).to.equal('Latchkey data.json');
    const data = JSON.parse(await readFile(await download.path(), 'utf8')) as { user: { email: string } };
    expect(data.user.email).to.equal(ada.email);
    await page.getByText('Your data is downloaded.').waitFor();
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('deletes the account after it has said what goes and until when, and signs out', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    await page.getByText('For 30 days, an administrator can restore the account').waitFor();

    await button(page, 'Delete your account').click();
    await button(page, 'Delete it').click();

    await heading(page, 'Your account is deleted').waitFor();
    await page.goto(`${site.origin}/sign-in`);
    await signIn(page, ada);
    await page.getByText('The e-mail address or the password is wrong').first().waitFor();
  });

  it('keeps the account of the last administrator, and says why', async () => {
    const admin = await site.app.signIn('admin', newPerson());
    await makeOnlyAdmin(site.app, admin.id);
    const page = await openAccount(site, admin);

    await button(page, 'Delete your account').click();
    await button(page, 'Delete it').click();

    await section(page, 'Delete the account')
      .getByRole('alert')
      .getByText('You are the last active administrator')
      .waitFor();
    expect(await button(page, 'Delete it').count()).to.equal(1);
  });

  itLooksWell(site, 'account-whole', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openAccount(site, ada);
    await notMe(page).click();
    await button(page, 'Delete your account').click();
    return page;
  });
});
