import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newPerson } from '../support/people.ts';
import { shownCode } from '../support/factors.ts';
import { button, openAccount, section } from './account.ts';
import { addAuthenticator, heading, itLooksWell, signIn, useSite } from './site.ts';

describe('second factors and passkeys of the page /account', () => {
  const site = useSite();

  async function addApp(page: Page, name: string): Promise<void> {
    await button(page, 'Add an authenticator app').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await button(page, 'Continue').click();
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    const { code = '' } = await shownCode(site.app);
    await page.getByLabel('Code', { exact: true }).fill(code);
    await button(page, 'Turn it on').click();
  }

  async function keepCodes(page: Page): Promise<void> {
    await page.getByLabel('I’ve kept these codes').check();
    await button(page, 'Done').click();
  }

  it('adds an app by QR code and key, shows recovery codes until they are kept, and signs in with one', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    await page.getByText('Off. With a second factor').waitFor();

    await addApp(page, 'Pocket');

    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await codes.first().waitFor();
    expect(await codes.count()).to.equal(10);
    const [code = ''] = await codes.allTextContents();
    await button(page, 'Done').click();
    await page.getByText('Tick the box once you have kept the codes').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()]);
    expect(download.suggestedFilename()).to.equal('Latchkey recovery codes.txt');
    await keepCodes(page);
    await section(page, 'Second factor').getByText('10 recovery codes left.').waitFor();
    await section(page, 'Second factor').getByText('Pocket', { exact: true }).waitFor();

    await button(page, 'Sign out').click();
    await heading(page, 'Sign in').waitFor();
    await signIn(page, ada);
    await heading(page, 'One more step').waitFor();
    await button(page, 'Use a recovery code').click();
    await page.getByLabel('Recovery code').fill(code);
    await button(page, 'Continue').click();
    await page.getByText('9 recovery codes left.').waitFor();
  });

  it('says that the first code of an app was wrong', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));
    await button(page, 'Add an authenticator app').click();
    await button(page, 'Continue').click();

    await page.getByLabel('Code', { exact: true }).fill('12 34 56');
    await button(page, 'Turn it on').click();

    await page.getByRole('alert').getByText('This code is wrong or was used before').waitFor();
    expect(await page.getByRole('img', { name: 'QR code' }).count()).to.equal(1);
  });

  it('makes new recovery codes, and removes the app', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));
    const factors = section(page, 'Second factor');
    await addApp(page, 'Pocket');
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
    await keepCodes(page);

    await button(factors, 'Make new recovery codes').click();
    await button(factors, 'Make new recovery codes').click();
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
    await keepCodes(page);
    await button(factors, 'Remove Pocket').click();
    await factors.getByText('Pocket stops working as a second factor').waitFor();
    await button(factors, 'Remove Pocket').click();

    await factors.getByText('Off. With a second factor').waitFor();
  });

  it('adds a passkey with its recovery codes, renames it, signs in with it, and removes it', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));
    await addAuthenticator(page);
    const passkeys = section(page, 'Passkeys');

    await button(passkeys, 'Add a passkey').click();
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
    await keepCodes(page);
    await passkeys.getByRole('button', { name: /^Rename Chrome \d+ on Linux$/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Laptop');
    await button(passkeys, 'Save').click();
    await passkeys.getByText('The passkey is renamed.').waitFor();
    expect(await passkeys.getByRole('listitem').textContent()).to.match(
      /^LaptopAdded .*Not used yet.*On one device only/,
    );

    await button(page, 'Sign out').click();
    await heading(page, 'Your account').waitFor(); // by the autofill of the virtual authenticator
    await passkeys.getByText('Last used').waitFor();
    await button(passkeys, 'Remove Laptop').click();
    await button(passkeys, 'Remove Laptop').click();
    await passkeys.getByText('The passkey is removed.').waitFor();
    await passkeys.getByText('None yet.').waitFor();
  });

  itLooksWell(site, 'account-factors', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));
    await addApp(page, 'Pocket');
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
    return page;
  });
  itLooksWell(site, 'account-qr-code', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson()));
    await addAuthenticator(page);
    await button(page, 'Add a passkey').click();
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
    await keepCodes(page);
    await button(page, 'Add an authenticator app').click();
    await button(page, 'Continue').click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    return page;
  });
});
