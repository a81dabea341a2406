/** Pages as people have them who need other colours, no movement or large controls. */
import { expect } from 'chai';
import { expectAccessible, useSite } from './site.ts';

const paths = [
  '/',
  '/sign-in',
  '/register',
  '/forgot-password',
  '/reset-password#token=lks_any',
  '/verify-email#token=lks_any',
];

describe('the pages for people with other needs', () => {
  const site = useSite({
    PAGES_ACCENT: '#1d4ed8',
    PAGES_LINKS: 'terms=https://example.com/terms,support=mailto:help@example.com',
  });

  it('have controls of at least 24 px', async () => {
    const page = await site.open('/', { viewport: { width: 360, height: 740 }, isMobile: true });
    for (const path of paths) {
      await page.goto(site.origin + path);
      await page.getByRole('heading', { level: 1 }).waitFor();

      const small = await page.evaluate<
        string[]
      >(`[...document.querySelectorAll('button, input:not([hidden]), .button, .home-place')]
        .filter((control) => Math.min(control.offsetWidth, control.offsetHeight) < 24)
        .map((control) => control.outerHTML)`);
      expect(small, path).to.deep.equal([]);
    }
  });

  it('show borders where the system replaces colours, and nothing that turns where it wants no movement', async () => {
    const page = await site.open('/sign-in', { forcedColors: 'active', reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();

    const border = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('button[type=submit]')).borderStyle`,
    );
    expect(border).to.equal('solid');
    await site.browser.picture(page, 'page-sign-in-forced-colours');
  });

  it('have the accent and the links of the configuration', async () => {
    const page = await site.open('/sign-in');
    await page.getByRole('link', { name: 'Terms' }).waitFor();

    const colour = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('button[type=submit]')).backgroundColor`,
    );
    expect(colour).to.equal('rgb(29, 78, 216)');
    expect(await page.getByRole('link', { name: 'Help' }).getAttribute('href')).to.equal('mailto:help@example.com');
    await expectAccessible(page);
    await site.browser.picture(page, 'page-sign-in-themed');
  });

  it('say so where scripts are off', async () => {
    const page = await site.open('/sign-in', { javaScriptEnabled: false });

    await page.locator('noscript p').waitFor();
    expect(await page.locator('noscript p').innerText()).to.match(/^The pages of Latchkey need JavaScript/);
  });
});
