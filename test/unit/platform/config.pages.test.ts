import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../../src/platform/config/config.ts';
import { backgrounds } from '../../../src/platform/config/pages.ts';
import { contrastOf, parseColour } from '../../../src/platform/formats/contrast.ts';

describe('the configuration of the pages', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-pages-'));
  after('remove the files', () => rmSync(folder, { recursive: true }));

  const read = (variables: Record<string, string>) => readConfig({ NODE_ENV: 'test', DATA_DIR: folder, ...variables });
  const pages = (variables: Record<string, string>) => read(variables).config.pages;
  const colour = (text: string) => parseColour(text)!;

  function file(name: string, content: string | Buffer): string {
    const place = path.join(folder, name);
    writeFileSync(place, content);
    return place;
  }

  it('is on, without a theme, and returns to CORS_ORIGINS', () => {
    expect(pages({ CORS_ORIGINS: 'https://app.example.com' })).to.deep.equal({
      logo: undefined,
      accent: undefined,
      links: {},
      returnOrigins: ['https://app.example.com'],
    });
    expect(pages({ PAGES: 'off' })).to.equal(undefined);
  });

  it('returns to PAGES_RETURN_ORIGINS instead, which are exact origins', () => {
    const set = { CORS_ORIGINS: 'https://app.example.com', PAGES_RETURN_ORIGINS: 'https://shop.example.com' };
    expect(pages(set)?.returnOrigins).to.deep.equal(['https://shop.example.com']);
    expect(read({ PAGES_RETURN_ORIGINS: 'https://*.example.com' }).problems).to.deep.equal([
      'PAGES_RETURN_ORIGINS contains "https://*.example.com"; list each origin: a wildcard matches none, such as https://app.example.com',
    ]);
  });

  for (const accent of ['#0b6b5d', '#1d4ed8', '#000000', '#7a1fa2']) {
    it(`has an accent for dark pages that can be read, too: ${accent}`, () => {
      const both = pages({ PAGES_ACCENT: accent })!.accent!;

      expect(both.light).to.equal(accent);
      expect(contrastOf(colour(both.light), colour(backgrounds.light))).to.be.at.least(4.5);
      expect(contrastOf(colour(both.dark), colour(backgrounds.dark))).to.be.at.least(4.5);
    });
  }

  it('refuses an accent that is too light, and names the nearest that is not', () => {
    const [problem = ''] = read({ PAGES_ACCENT: '#ffd400' }).problems;
    const [, suggestion = ''] = /use a darker one, such as (#[0-9a-f]{6})$/.exec(problem) ?? [];

    expect(problem).to.match(/^PAGES_ACCENT is #ffd400, which is too light to read on a light page; /);
    expect(read({ PAGES_ACCENT: suggestion }).problems).to.deep.equal([]);
    expect(read({ PAGES_ACCENT: 'teal' }).problems).to.deep.equal([
      'PAGES_ACCENT is "teal"; give a colour such as #0b6b5d',
    ]);
  });

  it('checks the accent against the colours that the pages have', () => {
    const tokens = readFileSync(path.resolve('src', 'web', 'tokens.css'), 'utf8');
    const [light = '', dark = ''] = tokens.split('prefers-color-scheme: dark');
    const token = (sheet: string, name: string) => new RegExp(`--${name}: (#\\w+);`).exec(sheet)?.[1] ?? '';

    expect(token(light, 'paper')).to.equal(backgrounds.light);
    expect(token(dark, 'surface')).to.equal(backgrounds.dark);
    for (const [sheet, grounds] of [
      [light, ['paper', 'surface', 'sunken']],
      [dark, ['paper', 'surface', 'sunken']],
    ] as const) {
      for (const ground of grounds) {
        for (const text of ['text', 'muted', 'accent', 'danger', 'success']) {
          const ratio = contrastOf(colour(token(sheet, text)), colour(token(sheet, ground)));
          expect(ratio, `${text} on ${ground}`).to.be.at.least(4.5);
        }
      }
      expect(contrastOf(colour(token(sheet, 'on-accent')), colour(token(sheet, 'accent')))).to.be.at.least(4.5);
    }
  });

  it('tells a logo by its content', () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    const svg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>';

    expect(pages({ PAGES_LOGO: file('a.jpg', png) })?.logo?.type).to.equal('image/png');
    expect(pages({ PAGES_LOGO: file('b.png', svg) })?.logo?.type).to.equal('image/svg+xml');
    for (const [content, wrong] of [
      ['<html><svg></svg></html>', 'is no PNG and no SVG'],
      ['GIF89a', 'is no PNG and no SVG'],
      [Buffer.alloc(300_000), 'more than 256 KB'],
    ] as const) {
      expect(read({ PAGES_LOGO: file('c.svg', content) }).problems[0]).to.include(wrong);
    }
    expect(read({ PAGES_LOGO: path.join(folder, 'none') }).problems).to.deep.equal([
      'PAGES_LOGO names a file that cannot be read (ENOENT); check the path and its permissions',
    ]);
  });

  it('takes links by their names, to web pages and mail addresses', () => {
    expect(
      pages({ PAGES_LINKS: 'terms=https://example.com/terms, support=mailto:help@example.com' })?.links,
    ).to.deep.equal({
      terms: 'https://example.com/terms',
      support: 'mailto:help@example.com',
    });
    for (const part of ['imprint=https://example.com', 'terms=javascript:alert(1)', 'terms']) {
      expect(read({ PAGES_LINKS: part }).problems).to.deep.equal([
        `PAGES_LINKS contains "${part}"; write terms=URL, privacy=URL or support=URL, separated by commas`,
      ]);
    }
  });
});
