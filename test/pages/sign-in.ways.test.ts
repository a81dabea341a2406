/** Ways to sign in besides a password, and second factors. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { addTotp } from '../support/factors.ts';
import { newPerson } from '../support/people.ts';
import { addAuthenticator, heading, itLooksWell, signIn, useSite } from './site.ts';

describe('the page /sign-in with codes, passkeys and second factors', () => {
  const site = useSite();

  describe('a code by mail', () => {
    it('signs in, pasted with spaces', async () => {
      const ada = await site.app.signIn('user', newPerson());
      const page = await site.open('/sign-in');
      await page.getByLabel('E-mail address').fill(ada.email);
      await page.getByRole('button', { name: 'Mail me a code instead' }).click();
      await heading(page, 'Sign in with a code').waitFor();
      expect(await page.getByLabel('E-mail address').inputValue()).to.equal(ada.email);
      await page.getByRole('button', { name: 'Mail me a code' }).click();
      await heading(page, 'Enter the code from your mail').waitFor();

      const { code } = await site.mailTo(ada.email);
      const field = page.getByLabel('Code');
      expect(await field.getAttribute('autocomplete')).to.equal('one-time-code');
      expect(await field.getAttribute('inputmode')).to.equal('numeric');
      await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      expect(await field.inputValue()).to.equal(code);
      await page.keyboard.press('Enter');

      await heading(page, 'Your account').waitFor();
      expect(site.browser.troubles).to.deep.equal([]);
    });

    it('signs in by the link of the mail, which leaves the address bar', async () => {
      const ada = await site.app.signIn('user', newPerson());
      const page = await site.open('/sign-in');
      await site.app.send('post', '/auth/email-codes', { json: { email: ada.email } });
      const { link } = await site.mailTo(ada.email);

      await page.goto('about:blank');
      await page.goto(link);
      await page.getByText(`Sign in as ${ada.email}`).waitFor();
      expect(page.url()).to.equal(`${site.origin}/sign-in`);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();

      await heading(page, 'Your account').waitFor();
    });

    it('says that a code is wrong, at the code', async () => {
      const page = await site.open(`/sign-in#email=${newPerson().email}&code=123456`);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();

      await page.getByRole('alert').getByText('This code is wrong or no longer works').waitFor();
      expect(await page.getByLabel('Code').getAttribute('aria-invalid')).to.equal('true');
      expect(await page.evaluate('document.activeElement.id')).to.equal('code');
    });
  });

  describe('a second factor', () => {
    async function begin(page: Page, ada: SignedIn): Promise<void> {
      await signIn(page, ada);
      await heading(page, 'One more step').waitFor();
    }

    it('is a code of an authenticator app', async () => {
      const ada = await site.app.signIn('user', newPerson());
      const authenticator = await addTotp(site.app, ada);
      const page = await site.open('/sign-in');
      await begin(page, ada);

      await page.getByLabel('Code').fill('000 000');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').getByText('This code is wrong or was used before').waitFor();
      await page.getByLabel('Code').fill(authenticator.code(1));
      await page.getByRole('button', { name: 'Continue' }).click();

      await heading(page, 'Your account').waitFor();
    });

    it('is a recovery code', async () => {
      const ada = await site.app.signIn('user', newPerson());
      const { recoveryCodes } = await addTotp(site.app, ada);
      const page = await site.open('/sign-in');
      await begin(page, ada);

      await page.getByRole('button', { name: 'Use a recovery code' }).click();
      await page.getByLabel('Recovery code').fill(recoveryCodes[0]!.toLowerCase());
      await page.getByRole('button', { name: 'Continue' }).click();

      await heading(page, 'Your account').waitFor();
    });

    it('keeps the address for password managers', async () => {
      const ada = await site.app.signIn('user', newPerson());
      await addTotp(site.app, ada);
      const page = await site.open('/sign-in');
      await begin(page, ada);

      const username = page.locator('input[name=username]');
      expect(await username.getAttribute('autocomplete')).to.equal('username');
      expect(await username.inputValue()).to.equal(ada.email);
    });
  });

  describe('a passkey', () => {
    /** Opens the page in a browser whose authenticator has a passkey of somebody. */
    async function withPasskey(path = '/sign-in') {
      const ada = await site.app.signIn('user', newPerson());
      const page = await site.open('/');
      const { devtools, authenticatorId } = await addAuthenticator(page);
      await page.evaluate(
        `(async (token) => {
          const call = (path, body) => fetch('/api/v1' + path, {
            method: 'POST',
            headers: { Authorization: 'Bearer ' + token, ...(body && { 'Content-Type': 'application/json' }) },
            ...(body && { body: JSON.stringify(body) }),
          }).then((response) => response.json());
          const { public_key } = await call('/auth/passkeys/begin');
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(public_key);
          const credential = await navigator.credentials.create({ publicKey });
          await call('/auth/passkeys', { credential: credential.toJSON() });
        })(${JSON.stringify(ada.accessToken)})`,
      );
      // Nobody touches it until the test says so: otherwise it would answer the request that waits in the form.
      const agree = (enabled: boolean) =>
        devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
      await agree(false);
      await page.goto(site.origin + path);
      return { ada, page, agree, devtools, authenticatorId };
    }

    it('signs in by the button', async () => {
      const { ada, page, agree } = await withPasskey();
      const button = page.getByRole('button', { name: 'Sign in with a passkey' });
      await button.waitFor();

      await agree(true);
      if (await button.isVisible()) await button.click();

      await heading(page, 'Your account').waitFor();
      await page.getByText(ada.email).waitFor();
      expect(site.browser.troubles).to.deep.equal([]);
    });

    it('signs in by the autofill of the address', async () => {
      const { ada, page, agree } = await withPasskey('/');
      await agree(true);

      // The virtual authenticator chooses what the browser would offer at the address.
      await page.getByRole('link', { name: 'Sign in', exact: true }).click();

      await heading(page, 'Your account').waitFor();
      await page.getByText(ada.email).waitFor();
    });

    it('is no error when somebody cancels', async () => {
      const { page, devtools, authenticatorId } = await withPasskey();
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      await devtools.send('WebAuthn.clearCredentials', { authenticatorId });
      await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });

      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();

      await page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
      expect(await page.getByRole('alert').count()).to.equal(0);
      await heading(page, 'Sign in').waitFor();
    });

    it('is the second factor after a password', async () => {
      const { ada, page, agree } = await withPasskey();
      await signIn(page, ada);
      await heading(page, 'One more step').waitFor();

      await agree(true);
      await page.getByRole('button', { name: 'Use your passkey' }).click();

      await heading(page, 'Your account').waitFor();
    });
  });

  itLooksWell(site, 'sign-in-code', async () => {
    const page = await site.open('/sign-in');
    await page.getByRole('button', { name: 'Mail me a code instead' }).click();
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await heading(page, 'Enter the code from your mail').waitFor();
    return page;
  });
  itLooksWell(site, 'sign-in-factor', async () => {
    const ada = await site.app.signIn('user', newPerson());
    await addTotp(site.app, ada);
    const page = await site.open('/sign-in');
    await signIn(page, ada);
    await heading(page, 'One more step').waitFor();
    // The 403 that asks for the factor is in the console.
    site.browser.troubles.length = 0;
    return page;
  });
});
