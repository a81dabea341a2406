import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newPerson } from '../support/people.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the page /sign-in', () => {
  const site = useSite();
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.id');

  it('signs in with a password, shows the account, and signs out', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');

    await signIn(page, ada);

    await heading(page, 'Your account').waitFor();
    await page.getByText(ada.email).waitFor();
    expect(new URL(page.url()).pathname).to.equal('/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await heading(page, 'Sign in').waitFor();
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('keeps the address after a wrong password, says what to do, and puts the focus on the password', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');

    await signIn(page, { email: ada.email, password: 'not the password' });

    const alert = page.getByRole('alert');
    await alert.getByText('The e-mail address or the password is wrong').waitFor();
    const password = page.getByLabel('Password', { exact: true });
    expect(await focused(page)).to.equal('password');
    expect(await password.getAttribute('aria-invalid')).to.equal('true');
    expect(await page.getByLabel('E-mail address').inputValue()).to.equal(ada.email);
    expect(await page.title()).to.equal('Error: Sign in – Latchkey');
    await password.fill(ada.password);
    await page.keyboard.press('Enter');
    await heading(page, 'Your account').waitFor();
  });

  it('lists what is missing before it sends anything, with links to the fields', async () => {
    const page = await site.open('/sign-in');
    let isSent = false;
    page.on('request', (request) => (isSent ||= request.url().endsWith('/auth/login')));

    await page.getByRole('button', { name: 'Sign in', exact: true }).click();

    const summary = page.getByRole('alert');
    await summary.getByText('Please check these 2 things').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).to.equal('alert');
    await summary.getByRole('link', { name: 'Enter your password' }).click();
    expect(await focused(page)).to.equal('password');
    expect(isSent).to.equal(false);
  });

  it('has fields that password managers understand', async () => {
    const page = await site.open('/sign-in');
    const [email, password] = [page.locator('form #email'), page.locator('form #password')];

    for (const [name, value] of [
      ['type', 'email'],
      ['autocomplete', 'username webauthn'],
      ['inputmode', 'email'],
      ['autocapitalize', 'none'],
      ['spellcheck', 'false'],
    ] as const) {
      expect(await email.getAttribute(name), name).to.equal(value);
    }
    expect(await password.getAttribute('autocomplete')).to.equal('current-password');
  });

  it('shows the password, and says that it does', async () => {
    const page = await site.open('/sign-in');
    await page.getByLabel('Password', { exact: true }).fill('correct horse');

    await page.getByRole('button', { name: 'Show the password' }).click();

    expect(await page.locator('#password').getAttribute('type')).to.equal('text');
    await page.getByText('Your password is shown.').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Hide the password' }).click();
    expect(await page.locator('#password').getAttribute('type')).to.equal('password');
  });

  it('works with the keyboard alone', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await heading(page, 'Sign in').waitFor();

    await page.locator('body').press('Tab'); // the service's name
    await page.keyboard.press('Tab');
    await page.keyboard.type(ada.email);
    await page.keyboard.press('Tab'); // "Forgot your password?"
    await page.keyboard.press('Tab');
    await page.keyboard.type(ada.password);
    await page.keyboard.press('Enter');

    await heading(page, 'Your account').waitFor();
    await page.locator('h1:focus').waitFor();
    await page.getByText(ada.email).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // "Sign out"
    await heading(page, 'Sign in').waitFor();
  });

  it('says that the connection is lost, keeps what was typed, and sends it when the connection is back', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await heading(page, 'Sign in').waitFor();
    await page.context().setOffline(true);

    await signIn(page, ada);

    await page.getByText('There is no connection.').waitFor();
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).to.equal(ada.password);
    await page.context().setOffline(false);
    await heading(page, 'Your account').waitFor();
  });

  it('keeps one signed in after a reload and in another tab, without a token that a script can find', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await signIn(page, ada);
    await heading(page, 'Your account').waitFor();

    await page.reload();
    await page.getByText(ada.email).waitFor();
    const other = await page.context().newPage();
    await other.goto(`${site.origin}/account`);
    await other.getByText(ada.email).waitFor();

    const stored = await page.evaluate<string>(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    );
    expect(stored).to.equal('["",{},{}]');
  });

  it('signs out in every tab, and the Back button shows nothing private', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await signIn(page, ada);
    await heading(page, 'Your account').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${site.origin}/account`);
    await other.getByText(ada.email).waitFor();
    await page.getByRole('link', { name: 'Latchkey' }).click();
    await heading(page, 'Welcome to Latchkey').waitFor();

    await other.getByRole('button', { name: 'Sign out', exact: true }).click();
    await heading(other, 'Sign in').waitFor();
    await page.goBack();

    await heading(page, 'Sign in').waitFor();
    expect(await page.getByText(ada.email).count()).to.equal(0);
  });

  it('says in the other tab that the session has ended, by asking to sign in', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await signIn(page, ada);
    await heading(page, 'Your account').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${site.origin}/account`);
    await other.getByText(ada.email).waitFor();

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();

    await heading(other, 'Sign in').waitFor();
  });

  it('asks who is not signed in, and comes back', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/account?from=a-link');

    await heading(page, 'Sign in').waitFor();
    await signIn(page, ada);

    await heading(page, 'Your account').waitFor();
    expect(page.url()).to.equal(`${site.origin}/account?from=a-link`);
  });

  itLooksWell(site, 'sign-in', async () => {
    const page = await site.open('/sign-in');
    await heading(page, 'Sign in').waitFor();
    return page;
  });
  itLooksWell(site, 'sign-in-errors', async () => {
    const page = await site.open('/sign-in');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Please check these 2 things').waitFor();
    return page;
  });
  itLooksWell(site, 'account', async () => {
    const page = await site.open('/sign-in');
    await signIn(page, await site.app.signIn('user', newPerson({ fullName: 'Ada Lovelace' })));
    await page.getByText('Hello, Ada Lovelace.').waitFor();
    return page;
  });
});

describe('the page /sign-in of a service that limits attempts', () => {
  // One for the session that the test begins, one for the passkeys that the page asks for, and one for a password.
  const site = useSite({ RATE_LIMIT_CREDENTIALS: '3/15' });

  it('counts down, and the button comes back by itself', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    const submit = page.locator('button[type=submit]');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, { email: ada.email, password: 'a wrong one' });
    await page.getByText('The e-mail address or the password is wrong').first().waitFor();

    await submit.click();

    await page.getByText('Too many attempts. You can try again in').waitFor();

    expect(await submit.getAttribute('aria-disabled')).to.equal('true');
    await page.getByText('You can try again now.').waitFor({ state: 'attached', timeout: 25_000 });
    await page.getByLabel('Password', { exact: true }).fill(ada.password);
    await submit.click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  });
});
