import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { codeAt, seedBytes, seedUri, stepAt, stepOf, writeSeed } from '../../../src/features/factors/totp.ts';

const run = promisify(execFile);

// RFC 6238, appendix B: SHA-1, eight digits.
const vectors = [
  { seconds: 59, code: '94287082' },
  { seconds: 1111111109, code: '07081804' },
  { seconds: 1111111111, code: '14050471' },
  { seconds: 1234567890, code: '89005924' },
  { seconds: 2000000000, code: '69279037' },
  { seconds: 20000000000, code: '65353130' },
];
const seedOfVectors = Buffer.from('12345678901234567890');

describe('TOTP', () => {
  for (const { seconds, code } of vectors) {
    it(`computes the code of RFC 6238 for ${seconds} seconds`, () => {
      expect(codeAt(seedOfVectors, stepAt(seconds * 1000), 8)).to.equal(code);
      expect(codeAt(seedOfVectors, stepAt(seconds * 1000))).to.equal(code.slice(2));
    });
  }

  it('accepts the code of the current step and of those next to it, and names the step', () => {
    const seed = randomBytes(seedBytes);
    const now = 1_767_225_615_000;
    const codeOf = (steps: number) => codeAt(seed, stepAt(now) + steps);

    expect([-1, 0, 1].map((steps) => stepOf(seed, codeOf(steps), now))).to.deep.equal(
      [-1, 0, 1].map((steps) => stepAt(now) + steps),
    );
    // That another step has the same code happens once in a million.
    const others = [-3, -2, 2, 3].filter((steps) => ![-1, 0, 1].some((near) => codeOf(near) === codeOf(steps)));
    for (const steps of others) expect(stepOf(seed, codeOf(steps), now), String(steps)).to.be.undefined;
  });

  it('keeps to steps of 30 seconds', () => {
    expect([0, 29_999, 30_000, 59_999, 60_000].map(stepAt)).to.deep.equal([0, 0, 1, 1, 2]);
  });

  it('accepts nothing that is no code', () => {
    const seed = randomBytes(seedBytes);
    const now = Date.now();
    const code = codeAt(seed, stepAt(now));
    for (const typed of ['', '12345', `${code}0`, ` ${code}`, 'abcdef', '１２３４５６'])
      expect(stepOf(seed, typed, now), typed).to.be.undefined;
  });

  it('writes a seed in base32 without padding, and what apps scan', () => {
    expect(writeSeed(seedOfVectors)).to.equal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(seedUri(seedOfVectors, 'Ada & Söhne', 'ada:o@example.com')).to.equal(
      'otpauth://totp/Ada%20%26%20S%C3%B6hne:ada%3Ao%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' +
        '&issuer=Ada%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30',
    );
  });

  it('computes the same codes as oathtool', async function () {
    const isInstalled = await run('oathtool', ['--version']).then(
      () => true,
      () => false,
    );
    if (!isInstalled) {
      process.stdout.write('  oathtool is not installed (apt-get install oathtool): skipped the second opinion\n');
      return this.skip();
    }
    for (let count = 0; count < 20; count += 1) {
      const seed = randomBytes(seedBytes);
      const seconds = randomBytes(4).readUInt32BE();
      const { stdout } = await run('oathtool', ['--totp', '--base32', `--now=@${seconds}`, writeSeed(seed)]);
      expect(codeAt(seed, stepAt(seconds * 1000))).to.equal(stdout.trim());
    }
  });
});
