/** The command `mails`, which needs no configuration but what mails are made of. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { english } from '../../../src/platform/mail/english.ts';
import { runCommand } from '../../support/process.ts';

describe('the command mails', function () {
  let directory: string;
  before(async () => (directory = await mkdtemp(path.join(tmpdir(), 'latchkey-mails-'))));
  after(() => rm(directory, { recursive: true }));

  // As in the image, where nothing else is set.
  const run = (args: string[], variables: Record<string, string> = {}) =>
    runCommand(['mails', ...args], { NODE_ENV: 'production', ...variables });

  it('print writes every English sentence as JSON', async () => {
    const { status, stdout, stderr } = await run(['print']);

    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal(english);
  });

  it('preview writes each mail in both forms, with the names and links of the configuration', async () => {
    const previews = path.join(directory, 'previews');

    const { status, stderr } = await run(['preview', previews], {
      SERVICE_NAME: 'Rosewood Library',
      LINKS_URL: 'https://app.example.com',
    });

    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    const expected = Object.keys(english.mails).flatMap((name) => [`${name}.html`, `${name}.txt`]);
    expect(await readdir(previews)).to.have.members(expected);
    const text = await readFile(path.join(previews, 'password_reset.txt'), 'utf8');
    expect(text)
      .to.match(/^Rosewood Library: /)
      .and.include('https://app.example.com/reset-password#token=');
  });

  it('preview refuses a translation that the server would refuse', async () => {
    const { status, stderr } = await run(['preview', directory], {
      MAIL_MESSAGES: path.join(directory, 'nothing.json'),
    });

    expect(status).to.equal(1);
    expect(stderr).to.include('MAIL_MESSAGES names a file that cannot be read (ENOENT)');
    expect(stderr).not.to.include('DATABASE_URL');
  });

  it('anything else prints the usage', async () => {
    for (const args of [[], ['print', 'x'], ['preview'], ['preview', 'a', 'b'], ['send']]) {
      const { status, stderr } = await run(args);
      expect(status, args.join(' ')).to.equal(2);
      expect(stderr).to.match(/use: npm run mails -- print, or npm run mails -- preview DIRECTORY\n$/);
    }
  });
});
