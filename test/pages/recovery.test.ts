import { expect } from 'chai';
import { newPerson } from '../support/people.ts';
import { heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the pages for who lost a password or an address', () => {
  const site = useSite();

  it('mail a link to whoever forgot a password, set a new one, and sign in with it', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const page = await site.open('/sign-in');
    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading(page, 'Reset your password').waitFor();
    expect(await page.getByLabel('E-mail address').inputValue()).to.equal(ada.email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await heading(page, 'Look at your mail').waitFor();

    const { link } = await site.mailTo(ada.email);
    await page.goto(link);
    await heading(page, 'Choose a new password').waitFor();
    expect(page.url()).to.equal(`${site.origin}/reset-password`);
    const field = page.getByLabel('New password', { exact: true });
    expect(await field.getAttribute('autocomplete')).to.equal('new-password');
    await field.fill('password1');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').getByText('one of the most common passwords').waitFor();
    const password = 'amber window over the harbour';
    await field.fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await heading(page, 'Your password is changed').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, { email: ada.email, password });

    await heading(page, 'Your account').waitFor();
    expect(site.browser.troubles.filter((trouble) => !trouble.includes('400'))).to.deep.equal([]);
  });

  it('say the same to whoever has no account', async () => {
    const page = await site.open('/forgot-password');
    const { email } = newPerson();

    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();

    await page.getByText(`If there is an account with the address ${email}`).waitFor();
    await page.getByRole('button', { name: 'Use another address' }).click();
    await heading(page, 'Reset your password').waitFor();
  });

  it('say that a link no longer works, and where to get another', async () => {
    const page = await site.open('/reset-password#token=lks_none');
    await page.getByLabel('New password', { exact: true }).fill('amber window over the harbour');
    await page.getByRole('button', { name: 'Set the password' }).click();

    await heading(page, 'This link no longer works').waitFor();
    await page.getByRole('link', { name: 'Get a new link' }).click();
    await heading(page, 'Reset your password').waitFor();
  });

  it('give an address back that somebody else changed', async () => {
    const ada = await site.app.signIn('user', newPerson());
    const { email } = newPerson();
    const { status } = await site.app.send('post', '/auth/email', { token: ada.accessToken, json: { email } });
    expect(status).to.equal(202);
    const { link } = await site.mailTo(ada.email);

    const page = await site.open(link.replace(site.origin, ''));
    await heading(page, 'Was it not you?').waitFor();
    await page.getByRole('button', { name: 'Restore my address' }).click();

    await heading(page, 'Your address is back').waitFor();
    expect((await site.app.login(ada)).status).to.be.oneOf([401, 403]);
    const reset = await site.mailTo(ada.email);
    expect(new URL(reset.link).pathname).to.equal('/reset-password');
  });

  itLooksWell(site, 'forgot-password', async () => {
    const page = await site.open('/forgot-password');
    await heading(page, 'Reset your password').waitFor();
    return page;
  });
  itLooksWell(site, 'reset-password', async () => {
    const page = await site.open('/reset-password#token=lks_any');
    await heading(page, 'Choose a new password').waitFor();
    return page;
  });
  itLooksWell(site, 'undo-email-change', async () => {
    const page = await site.open('/undo-email-change#token=lks_any');
    await heading(page, 'Was it not you?').waitFor();
    return page;
  });
});
