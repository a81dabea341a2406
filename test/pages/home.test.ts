import { expect } from 'chai';
import { heading, itLooksWell, useSite } from './site.ts';

describe('the home page', () => {
  const site = useSite();

  it('leads to sign-in, registration, the docs and the contract, and says how to make the first administrator', async () => {
    const page = await site.open('/');

    for (const [name, href] of [
      [/^Sign in/, '/sign-in'],
      ['Create an account', '/register'],
      [/^Your account/, '/account'],
      [/^Docs/, '/docs'],
      [/^Try it out/, '/docs/try'],
      [/^Contract/, '/openapi.json'],
    ] as const) {
      expect(await page.getByRole('link', { name }).getAttribute('href')).to.equal(href);
    }
    await page.getByText('npm run admin -- create').waitFor();
    expect(await page.title()).to.equal('Welcome to Latchkey');
    expect(site.browser.troubles).to.deep.equal([]);
  });

  it('opens the docs, which are no page of its own', async () => {
    const page = await site.open('/');

    await page.getByRole('link', { name: /^Docs/ }).click();

    await page.waitForURL('**/docs');
  });

  itLooksWell(site, 'home', async () => {
    const page = await site.open('/');
    await heading(page, 'Welcome to Latchkey').waitFor();
    return page;
  });
});

describe('the home page of a service with a name, closed to registration', () => {
  const site = useSite({ SERVICE_NAME: 'Ada & Sons <3', REGISTRATION: 'closed' });

  it('is called by that name, and offers no registration', async () => {
    const page = await site.open('/');

    await page.getByRole('heading', { name: 'Welcome to Ada & Sons <3' }).waitFor();
    expect(await page.title()).to.equal('Welcome to Ada & Sons <3');
    expect(await page.getByRole('link', { name: 'Create an account' }).count()).to.equal(0);
  });
});
