import { expect } from 'chai';
import { describeClient } from '../../../src/features/sessions/client-description.ts';
import { processorTime } from '../../support/processor-time.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const known: [what: string, userAgent: string, device: string | null, browser: string | null][] = [
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Linux', 'Firefox 140'],
  [
    'Edge',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
    'Windows',
    'Microsoft Edge 141',
  ],
  [
    'Safari on a phone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'iPhone',
    'Safari 18',
  ],
  [
    'Safari on a Mac',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'macOS',
    'Safari 18',
  ],
  [
    'Chrome on a phone',
    `Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/141.0.0.0 Mobile Safari/537.36`,
    'Android phone',
    'Chrome 141',
  ],
  [
    'Chrome on a tablet',
    `Mozilla/5.0 (Linux; Android 9; SM-T510) ${webKit} Chrome/100.0 Safari/537.36`,
    'Android tablet',
    'Chrome 100',
  ],
  ['a command', 'curl/8.5.0', null, 'curl 8'],
  ['an app', 'MyApp/3.1 (com.example.app; build:42) Alamofire/5.9', null, 'MyApp 3'],
  ['a program without a version', 'node', null, 'node'],
  ['what calls itself a browser and no more', 'Mozilla/5.0', null, null],
  ['markup', '<script>alert(1)</script>', null, null],
  ['nothing', '', null, null],
];

describe('the description of a client', () => {
  for (const [what, userAgent, device, browser] of known) {
    it(`names ${what}`, () => {
      expect(describeClient(userAgent)).to.deep.equal({ device, browser });
    });
  }

  it('names nobody who sends no User-Agent', () => {
    expect(describeClient(undefined)).to.deep.equal({ device: null, browser: null });
  });

  it('is short and quick to make, whatever the client calls itself', async () => {
    const names = ['a', '(', 'Mozilla/5.0 (', 'Android ', 'Version/1 ', 'x/', '\t', ' ;'].map((part) =>
      part.repeat(512).slice(0, 512),
    );

    const time = await processorTime(() => {
      for (const name of names) {
        const { device, browser } = describeClient(name);
        for (const text of [device, browser]) expect(text?.length ?? 0).to.be.at.most(100);
      }
    });

    expect(time).to.be.below(500);
  });
});
