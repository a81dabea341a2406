import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { addTotp } from '../support/factors.ts';
import { newPerson } from '../support/people.ts';
import { age, button, pressButton, section } from './account.ts';
import { openConsole } from './console.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the page /console/users/[user_id]', () => {
  const site = useSite();
  const placeOf = ({ id, fullName }: SignedIn) => ({ path: `/console/users/${id}`, title: fullName });

  /** Opens the page of a user as an administrator. */
  async function openUser(user: SignedIn): Promise<{ page: Page; admin: SignedIn }> {
    const admin = await site.app.signIn('admin', newPerson({ fullName: 'Ad Ministrator' }));
    const page = await openConsole(site, admin, placeOf(user));
    await section(page, 'Recent events').waitFor();
    return { page, admin };
  }

  const rowOf = ({ id }: SignedIn) =>
    site.app.context.database.pool('users').where({ id }).first('full_name', 'role', 'is_active');

  async function edit(page: Page, name: string, role?: string): Promise<void> {
    await button(page, 'Change name or role').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    if (role !== undefined) await page.getByLabel('Role').selectOption(role);
  }

  it('deactivates a user who is signed in elsewhere and sees it end, and undoes it', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const hers = await site.open('/sign-in');
    await signIn(hers, ada);
    await heading(hers, 'Your account').waitFor();
    const { page } = await openUser(ada);
    await section(page, 'Sessions').getByText('Chrome').waitFor();

    await button(page, 'Deactivate').click();

    await section(page, 'State').getByText('is deactivated and signed out everywhere').waitFor();
    await section(page, 'Sessions').getByText('Nowhere signed in').waitFor();
    await section(page, 'Recent events').getByText('Account deactivated by you').waitFor();
    await button(hers, 'Download your data').click();
    await heading(hers, 'Sign in').waitFor();
    await button(page, 'Undo').click();
    await section(page, 'State').getByText('may sign in again').waitFor();
    expect((await site.app.login(ada)).status).to.equal(200);
  });

  it('shows two administrators who edit one user both versions, and saves what is chosen', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const { page } = await openUser(ada);
    const { page: other } = await openUser(ada);
    await edit(page, 'Ada Byron');
    await edit(other, 'Ada King', 'Moderator');
    await button(other, 'Save').click();
    await section(other, 'Profile').getByText('It is saved.').waitFor();

    await button(page, 'Save').click();

    await page.getByText('Somebody else changed this user meanwhile').waitFor();
    const chosen = page.locator('label').filter({ has: page.getByRole('radio', { checked: true }) });
    expect(await chosen.allTextContents()).to.deep.equal(['Yours: Ada Byron', 'Theirs: Moderator']);
    await page.getByRole('group', { name: 'Name' }).getByLabel('Theirs').check();
    await page.getByRole('group', { name: 'Role' }).getByLabel('Yours').check();
    await button(page, 'Save what is chosen').click();
    await section(page, 'Profile').getByText('It is saved.').waitFor();
    await heading(page, 'Ada King').waitFor();
    await section(page, 'Recent events').getByText('Role changed from Moderator to User by you').waitFor();
  });

  it('shows what somebody else has changed before it deactivates or deletes the user, and does it when asked again', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const { page } = await openUser(ada);
    await site.app.users.update(ada.id, { fullName: 'Ada King', role: 'moderator' });

    await button(page, 'Deactivate').click();

    const alert = page.getByRole('alert');
    await alert.getByText('Name: Ada King (before: Ada Lovelace). Role: Moderator (before: User).').waitFor();
    await heading(page, 'Ada King').waitFor();
    expect(await rowOf(ada)).to.include({ is_active: true });
    await button(page, 'Deactivate').click();
    await section(page, 'State').getByText('is deactivated and signed out everywhere').waitFor();

    await site.app.users.update(ada.id, { isActive: true });
    await button(page, 'Delete').click();
    await page.getByLabel('To be sure, enter the name').fill('Ada King');
    await page.keyboard.press('Enter');
    await alert.getByText('Status: Active (before: Deactivated).').waitFor();
    expect(await page.getByLabel('To be sure, enter the name').inputValue()).to.equal('Ada King');
    await button(page, 'Delete Ada King').click();
    await heading(page, 'Ada King is deleted').waitFor();
    expect(site.browser.troubles.splice(0).filter((trouble) => trouble.includes(' 412 '))).to.have.length(2);
  });

  it('can be used by the keyboard alone: another role, deactivated, undone', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const { page } = await openUser(ada);
    const press = (name: string) => pressButton(page, name);

    await press('Change name or role');
    expect(await page.evaluate('document.activeElement.name')).to.equal('full_name');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Ada King');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Moderator');
    await press('Save');
    await section(page, 'Profile').getByText('It is saved.').waitFor();
    await heading(page, 'Ada King').waitFor();
    await press('Deactivate');
    await section(page, 'State').getByText('is deactivated and signed out everywhere').waitFor();
    await press('Undo');
    await section(page, 'State').getByText('may sign in again').waitFor();

    expect(await rowOf(ada)).to.deep.equal({ full_name: 'Ada King', role: 'moderator', is_active: true });
  });

  it('keeps a form when the session ends, asks to sign in over the page, and goes on', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const { page, admin } = await openUser(ada);
    await edit(page, 'Ada King');
    await site.app.send('delete', `/users/${admin.id}/sessions`, { token: admin.accessToken });

    await button(page, 'Save').click();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Password', { exact: true }).fill(admin.password);
    await dialog.getByRole('button', { name: 'Continue' }).click();

    await heading(page, 'Ada King').waitFor();
    await section(page, 'Profile').getByText('It is saved.').waitFor();
    expect(await dialog.count()).to.equal(0);
  });

  it('mails a link to choose a password, shows and resets factors, deletes by name and restores', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    await addTotp(site.app, ada, 'Her phone');
    const { page } = await openUser(ada);
    await button(page, 'Mail a link to choose a password').click();
    await page.getByText(`A link is on its way to ${ada.email}.`).waitFor();
    expect((await site.mailTo(ada.email)).link).to.contain('/reset-password');
    const factors = section(page, 'Second factors');
    await factors.getByText('10 recovery codes are left.').waitFor();
    expect(await factors.getByRole('listitem').allTextContents()).to.have.length(1);
    await factors.getByText('Her phone').waitFor();
    await button(page, 'Reset second factors').click();
    await button(page, 'Remove all factors').click();
    await factors.getByText('All second factors are removed').waitFor();
    await factors.getByText('None. The user signs in').waitFor();

    await button(page, 'Delete').click();
    await button(page, 'Delete Ada Lovelace').click();
    await page.getByRole('alert').getByText('This is not the name of the user').waitFor();
    await page.getByLabel('To be sure, enter the name').fill('Ada');
    await button(page, 'Delete Ada Lovelace').click();
    await page.getByRole('alert').getByText('This is not the name of the user').waitFor();
    await page.getByLabel('To be sure, enter the name').fill('Ada Lovelace');
    await page.keyboard.press('Enter');
    await heading(page, 'Ada Lovelace is deleted').waitFor();
    await page.getByText(ada.email).waitFor();
    await button(page, 'Restore the user').click();

    await heading(page, 'Ada Lovelace').waitFor();
    await section(page, 'Recent events').getByText('Account restored by you').waitFor();
    expect(await site.app.login(ada).then(({ status }) => status)).to.equal(200);
  });

  it('asks for a proof over the page where the contract does, and goes on', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    await addTotp(site.app, ada);
    const { page, admin } = await openUser(ada);
    await age(site, page, admin);
    await button(page, 'Reset second factors').click();
    await button(page, 'Remove all factors').click();
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await site.app.context.features.factors.service.list(ada.id)).factors).to.have.length(1);

    await button(page, 'Remove all factors').click();
    await dialog.getByLabel('Password', { exact: true }).fill(admin.password);
    await page.keyboard.press('Enter');

    await section(page, 'Second factors').getByText('All second factors are removed').waitFor();
    expect((await site.app.context.features.factors.service.list(ada.id)).factors).to.deep.equal([]);
  });

  it('shows moderators who it is, and nothing that is for administrators', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    const moderator = await site.app.signIn('moderator', newPerson());
    const page = await openConsole(site, moderator, placeOf(ada));

    await page.getByText('Only administrators change users').waitFor();

    await page.getByText(ada.email).waitFor();
    expect(await page.getByRole('region').count()).to.equal(0);
    const nobody = { path: `/console/users/${ada.id.replace(/.$/, 'z')}`, title: 'There is no such user' };
    await page.goto(site.origin + nobody.path);
    await heading(page, nobody.title).waitFor();
  });

  itLooksWell(site, 'console-user', async () => {
    const ada = await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' }));
    await site.app.send('post', '/auth/login', { json: { email: ada.email, password: 'a wrong one' } });
    const { page } = await openUser(ada);
    await edit(page, 'Ada King');
    await site.app.users.update(ada.id, { fullName: 'Ada Byron', role: 'moderator' });
    await button(page, 'Save').click();
    await page.getByText('Somebody else changed this user meanwhile').waitFor();
    await button(page, 'Delete').click();
    // The answer that says that somebody else was faster.
    expect(site.browser.troubles.splice(0).join()).to.match(/^console: Failed to load .* 412 [^,]+$/);
    return page;
  });
});
