import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { newPerson } from '../support/people.ts';
import { aPng, setPicture } from '../support/pictures.ts';
import { age, button, openAccount, pressButton, section } from './account.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the page /account', () => {
  const site = useSite();
  async function fillPasswords(page: Page, current: string, chosen: string): Promise<void> {
    await page.getByLabel('Current password', { exact: true }).fill(current);
    await page.getByLabel('New password', { exact: true }).fill(chosen);
    await button(page, 'Set the password').click();
  }

  it('changes the name, and says what is wrong with one', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' })));
    await button(page, 'Change your name').click();
    const field = page.getByLabel('Name', { exact: true });
    expect(await field.inputValue()).to.equal('Ada Lovelace');
    expect(await page.evaluate('document.activeElement.name')).to.equal('full_name');

    await field.fill('Аda Lovelace');
    await button(page, 'Save').click();
    await page.getByRole('alert').getByText('mixes letters that look alike').waitFor();
    await field.fill('Ada King');
    await button(page, 'Save').click();

    await page.getByText('Hello, Ada King.').waitFor();
    await section(page, 'Profile').getByRole('status').getByText('Your name is saved.').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Change your name');
  });

  it('can be used by the keyboard alone: the name, then the password', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openAccount(site, ada);
    const chosen = 'amber window over the harbour';
    const focused = () => page.evaluate<string>('document.activeElement.name');

    await pressButton(page, 'Change your name');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Ada King');
    await page.keyboard.press('Enter');
    await page.getByText('Hello, Ada King.').waitFor();
    await pressButton(page, 'Change your password');
    expect(await focused()).to.equal('current_password');
    await page.keyboard.type(ada.password);
    while ((await focused()) !== 'new_password') await page.keyboard.press('Tab');
    await page.keyboard.type(chosen);
    await page.keyboard.press('Enter');

    await page.getByText('Your password is changed').waitFor();
    expect((await site.app.login({ ...ada, password: chosen })).status).to.equal(200);
  });

  it('shows a name that was changed elsewhere before it is overwritten', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openAccount(site, ada);
    await button(page, 'Change your name').click();
    await page.getByLabel('Name', { exact: true }).fill('Ada Byron');
    await site.app.send('patch', '/auth/me', { token: ada.accessToken, json: { full_name: 'Ada King' } });

    await button(page, 'Save').click();

    await page.getByRole('alert').getByText('Your account was changed elsewhere meanwhile').waitFor();
    await page.getByText('Hello, Ada King.').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).to.equal('Ada Byron');
    await button(page, 'Save').click();
    await page.getByText('Hello, Ada Byron.').waitFor();
  });

  it('sets a picture that is chosen or dropped, says what is wrong with one, and removes it', async () => {
    const page = await openAccount(site, await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' })));
    const profile = section(page, 'Profile');
    const shown = profile.getByRole('img', { name: 'Your picture' });
    const isShown = (pixels: number) =>
      eventually('the picture is shown', async () => {
        const width = await page.evaluate('document.querySelector(".user-picture img")?.naturalWidth');
        return width === pixels;
      });
    await profile.getByText('AL', { exact: true }).waitFor();
    const choose = (name: string, buffer: Buffer) =>
      page.getByLabel(/^Choose (a|another) picture$/).setInputFiles({ name, mimeType: 'image/png', buffer });

    await choose('page.png', Buffer.from('<script>alert(1)</script>'));
    await profile.getByRole('alert').getByText('This is not a PNG, JPEG or WebP picture').waitFor();
    expect(site.browser.troubles.splice(0).join()).to.match(/^console: Failed to load .* 400 \(Bad Request\)$/);
    await choose('large.png', Buffer.alloc(512 * 1024 + 1));
    await profile.getByRole('alert').getByText('This picture is larger than 512 KB').waitFor();
    await choose('me.png', aPng());

    await profile.getByRole('status').getByText('Your picture is saved.').waitFor();
    await isShown(3);
    expect(await profile.getByRole('alert').count()).to.equal(0);
    await page.evaluate(`
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob('${aPng({ width: 7 }).toString('base64')}'), (byte) => byte.charCodeAt(0));
      data.items.add(new File([bytes], 'wider.png', { type: 'image/png' }));
      document.querySelector('.user-picture').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    `);
    await isShown(7);
    await button(profile, 'Remove the picture').click();

    await profile.getByText('AL', { exact: true }).waitFor();
    expect(await shown.count()).to.equal(0);
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('changes the password, which ends the other sessions', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    const chosen = 'amber window over the harbour';
    await button(page, 'Change your password').click();

    await fillPasswords(page, 'not the password', chosen);
    await page.getByRole('alert').getByText('This is not your current password').waitFor();
    expect(await page.evaluate('document.activeElement.name')).to.equal('current_password');
    await fillPasswords(page, ada.password, chosen);

    await page.getByText('Your password is changed, and your other sessions have ended.').waitFor();
    expect(await section(page, 'Sessions').getByRole('listitem').count()).to.equal(1);
    await button(page, 'Sign out').click();
    await heading(page, 'Sign in').waitFor();
    await signIn(page, { ...ada, password: chosen });
    await heading(page, 'Your account').waitFor();
  });

  it('asks for a proof over the page if the sign-in is old, and goes on with what was typed', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    await age(site, page, ada);
    await section(page, 'Profile').waitFor();
    const chosen = 'amber window over the harbour';
    await button(page, 'Change your password').click();
    await fillPasswords(page, ada.password, chosen);
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });

    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).to.equal(0);
    expect(await page.getByLabel('New password', { exact: true }).inputValue()).to.equal(chosen);

    await button(page, 'Set the password').click();
    const password = dialog.getByLabel('Password', { exact: true });
    await password.fill('a wrong one');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('alert').getByRole('link', { name: 'This is not your current password' }).waitFor();
    await password.fill(ada.password);
    await page.keyboard.press('Enter');

    await page.getByText('Your password is changed').waitFor();
    expect(await dialog.count()).to.equal(0);
  });

  it('lists the sessions, ends one of them, and all others', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const { email, password } = ada;
    await site.app.send('post', '/auth/login', { json: { email, password } });
    const page = await site.open('/sign-in');
    await signIn(page, ada);
    const sessions = section(page, 'Sessions');
    await sessions.getByText('This session').waitFor();
    const items = sessions.getByRole('listitem');
    expect(await items.count()).to.equal(3);
    expect(await items.first().textContent()).to.match(/Chrome.*This session.*Last seen/);

    await items.last().getByRole('button').click();
    await sessions.getByText('The session has ended.').waitFor();
    expect(await items.count()).to.equal(2);
    await button(page, 'Sign out everywhere else').click();
    await sessions.getByText('You are signed out everywhere else.').waitFor();

    expect(await items.count()).to.equal(1);
    expect(await button(page, 'Sign out everywhere else').count()).to.equal(0);
    const answer = await site.app.send('get', '/auth/me', { token: ada.accessToken });
    expect(answer.status).to.equal(401);
  });

  it('changes the address by a link that is mailed to the new one, and shows what is pending', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    const { email } = newPerson();
    await button(page, 'Change the address').click();
    await page.getByLabel('New e-mail address').fill(email);
    await button(page, 'Mail me a link').click();
    await page.getByText(`To change your address to ${email}`).waitFor();

    const other = await page.context().newPage();
    await other.goto((await site.mailTo(email)).link);
    await button(other, 'Confirm the address').click();
    await heading(other, 'Your address is confirmed').waitFor();

    await heading(page, 'Sign in').waitFor();
    await signIn(page, { ...ada, email });
    const address = section(page, 'E-mail address');
    await address.getByText('Confirmed', { exact: true }).waitFor();
    expect(await address.getByText(email).count()).to.equal(1);
  });

  it('cancels a change of the address', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await openAccount(site, ada);
    await button(page, 'Change the address').click();
    await page.getByLabel('New e-mail address').fill(newPerson().email);
    await button(page, 'Mail me a link').click();

    await button(page, 'Cancel the change').click();

    await page.getByText('The change is cancelled.').waitFor();
    await section(page, 'E-mail address').getByText(ada.email).waitFor();
  });

  itLooksWell(site, 'account-sections', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    await setPicture(site.app, ada);
    const page = await openAccount(site, ada);
    await page.getByRole('img', { name: 'Your picture' }).waitFor();
    return page;
  });
  itLooksWell(site, 'account-password', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openAccount(site, ada);
    await button(page, 'Change your password').click();
    await button(page, 'Set the password').click();
    await page.getByText('Please check these 2 things').waitFor();
    return page;
  });
  itLooksWell(site, 'account-proof', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const page = await openAccount(site, ada);
    await age(site, page, ada);
    await section(page, 'Profile').waitFor();
    await button(page, 'Change your password').click();
    await fillPasswords(page, ada.password, 'amber window over the harbour');
    await page.getByRole('dialog').waitFor();
    // The answer that asks for the proof.
    expect(site.browser.troubles.splice(0).join()).to.match(/^console: Failed to load .* 401 \S+$/);
    return page;
  });
});
