import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newPerson, type Person } from '../support/people.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

async function register(page: Page, { fullName, email, password }: Person): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(fullName);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create the account' }).click();
}

describe('the page /register', () => {
  const site = useSite();

  it('creates an account, signs in, and the mailed link confirms the address', async () => {
    const ada = newPerson();
    const page = await site.open('/register');

    await register(page, ada);

    await heading(page, 'Your account').waitFor();
    await page.getByText('not confirmed yet').waitFor();
    const { link } = await site.mailTo(ada.email);
    await page.goto(link);
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await heading(page, 'Your address is confirmed').waitFor();
    expect(page.url()).not.to.include('#');
    const { body } = await site.app.login(ada);
    const token = (body as { access_token: string }).access_token;
    expect((await site.app.send('get', '/auth/me', { token })).body).to.include({ email_verified: true });
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('ticks off the rules for a password while somebody types, and names those that the server finds broken', async () => {
    const page = await site.open('/register');
    const rule = (text: string) => page.getByRole('listitem').filter({ hasText: text });
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await page.getByLabel('E-mail address').fill(newPerson().email);
    const password = page.getByLabel('Password', { exact: true });

    await password.fill('lovelace');
    expect(await rule('At least 8 characters').innerText()).to.include('done');
    await password.fill('ada lovelace!');
    expect(await rule('Not your name').innerText()).to.include('to do');
    await password.fill('password1');
    expect(await rule('Not your name').innerText()).to.include('done');

    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('alert').getByText('one of the most common passwords').waitFor();
    expect(await page.evaluate('document.activeElement.id')).to.equal('password');
    expect(await password.getAttribute('aria-describedby')).to.equal('password-error password-rules');
  });

  it('says at the address that somebody has it', async () => {
    const ada = await site.app.signIn();
    const page = await site.open('/register');

    await register(page, { ...newPerson(), email: ada.email });

    await page.getByRole('alert').getByText('Somebody has an account with this e-mail address').waitFor();
    expect(await page.getByLabel('E-mail address').getAttribute('aria-invalid')).to.equal('true');
  });

  it('creates nothing twice when the first answer is lost', async () => {
    const ada = newPerson();
    const page = await site.open('/register');
    let losses = 0;
    await page.route('**/auth/register', async (route) => {
      await route.fetch();
      losses += 1;
      if (losses > 1) await route.fallback();
      else await route.abort('connectionreset');
    });

    await register(page, ada);

    await page.getByText('There is no connection.').waitFor();
    await heading(page, 'Your account').waitFor();
    expect(losses).to.equal(2);
  });

  itLooksWell(site, 'register', async () => {
    const page = await site.open('/register');
    await page.getByLabel('Password', { exact: true }).fill('violet lantern');
    return page;
  });
});

describe('the page /register where addresses are confirmed first', () => {
  const site = useSite({ REGISTRATION: 'verified', CORS_ORIGINS: 'https://app.example.com' });

  it('goes on by itself once the link is opened in another tab', async () => {
    const ada = newPerson();
    const page = await site.open('/register?return_to=%2Faccount%3Ffrom%3Dregistration');
    await register(page, ada);
    await heading(page, 'Look at your mail').waitFor();
    await page.getByText(ada.email).waitFor();

    await page.getByRole('button', { name: 'I’ve opened the link' }).click();
    await page.getByText('isn’t confirmed yet').waitFor();
    const { link } = await site.mailTo(ada.email);
    const other = await page.context().newPage();
    await other.goto(link);
    await other.getByRole('button', { name: 'Confirm the address' }).click();

    await heading(page, 'Your account').waitFor();
    expect(page.url()).to.equal(`${site.origin}/account?from=registration`);
  });

  it('returns to where one came from, also in the tab of the mail', async () => {
    const ada = newPerson();
    const page = await site.open('/register?return_to=https%3A%2F%2Fapp.example.com%2Forders');
    await register(page, ada);
    await heading(page, 'Look at your mail').waitFor();
    const { link } = await site.mailTo(ada.email);
    const other = await page.context().newPage();
    await page.close();
    await other.route('https://app.example.com/**', (route) => route.fulfill({ body: 'the orders' }));
    await other.goto(link);
    await other.getByRole('button', { name: 'Confirm the address' }).click();
    await other.getByRole('link', { name: 'Sign in' }).click();
    await signIn(other, ada);

    await other.getByText('the orders').waitFor();
    expect(other.url()).to.equal('https://app.example.com/orders');
  });

  it('says that a link no longer works, and sends another', async () => {
    const ada = newPerson();
    const page = await site.open('/register');
    await register(page, ada);
    await heading(page, 'Look at your mail').waitFor();
    await page.goto(`${site.origin}/verify-email#token=lks_none`);
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await heading(page, 'This link no longer works').waitFor();

    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByRole('button', { name: 'Send a new link' }).click();

    await heading(page, 'Look at your mail').waitFor();
    const { link } = await site.mailTo(ada.email);
    await page.goto(link);
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await heading(page, 'Your address is confirmed').waitFor();
  });

  itLooksWell(site, 'register-mail', async () => {
    const page = await site.open('/register');
    await register(page, newPerson());
    await heading(page, 'Look at your mail').waitFor();
    return page;
  });
  itLooksWell(site, 'verify-email', async () => {
    const page = await site.open('/verify-email#token=lks_any');
    await heading(page, 'Confirm your address').waitFor();
    return page;
  });
  itLooksWell(site, 'verify-email-broken', async () => {
    const page = await site.open('/verify-email');
    await heading(page, 'This link no longer works').waitFor();
    return page;
  });
});
