/** What mails look like on a phone, by day and by night; the pictures are in coverage/screenshots. */
import { expect } from 'chai';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { previewMails } from '../../../src/platform/mail/preview.ts';
import { testEnvironment } from '../../support/app.ts';
import { useBrowser } from '../../support/browser.ts';

describe('mails in a browser', function () {
  const browser = useBrowser(() => 'about:blank');
  const { config } = loadConfig({
    ...testEnvironment('postgres://db/latchkey'),
    LINKS_URL: 'https://app.example.com/account',
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fit 320 px and are readable in ${colorScheme} colours`, async () => {
      const page = await browser.open('about:blank', { viewport: { width: 320, height: 560 }, colorScheme });
      const pages = previewMails(config);
      expect(pages.length).to.be.greaterThan(2);
      for (const { name, html } of pages) {
        await page.setContent(html);

        const { width, sizes, contrasts, background } = await page.evaluate<Measured>(measure);

        expect(width, `${name}: width`).to.equal(320);
        expect(Math.min(...sizes), `${name}: font size`).to.be.at.least(14);
        expect(Math.min(...contrasts), `${name}: contrast`).to.be.at.least(4.5);
        expect(background < 0.2, name).to.equal(colorScheme === 'dark');
        await browser.picture(page, `mail-${name}-${colorScheme}`);
      }
      expect(browser.troubles).to.deep.equal([]);
    });
  }
});

interface Measured {
  readonly width: number;
  /** Of each element with text, in pixels, and its contrast by WCAG 2. */
  readonly sizes: readonly number[];
  readonly contrasts: readonly number[];
  /** The luminance of the page. */
  readonly background: number;
}

// Runs in the page.
const measure = `(() => {
  const luminance = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).slice(0, 3).map((text) => {
      const part = Number(text) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor.endsWith(', 0)') ? backgroundOf(element.parentElement) : luminance(backgroundColor);
  };
  const texts = [...document.body.querySelectorAll('p, a')];
  return {
    width: document.documentElement.scrollWidth,
    sizes: texts.map((element) => parseFloat(getComputedStyle(element).fontSize)),
    contrasts: texts.map((element) => {
      const [one, other] = [luminance(getComputedStyle(element).color), backgroundOf(element)];
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }),
    background: backgroundOf(document.body),
  };
})()`;
