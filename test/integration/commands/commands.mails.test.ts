/** The command `mails`, which needs no configuration but what mails are made of. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { english } from '../../../src/platform/mail/english.ts';
import { main, runCommand } from '../../support/process.ts';

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

  for (const [what, command, status, said] of [
    ['quietly when its reader has had enough', 'mails print | true', 0, ''],
    ['quietly when its reader has had enough of the help', '--help | true', 0, ''],
    [
      'with a line when its output is full',
      'mails print >/dev/full',
      1,
      "latchkey: standard output can't be written (ENOSPC)\n",
    ],
  ] as const) {
    it(`ends ${what}`, async () => {
      const line = `"${process.execPath}" "${main}" ${command}; exit "\${PIPESTATUS[0]}"`;

      const { status: ended, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });

      expect({ status: ended, stderr }).to.deep.equal({ status, stderr: said });
    });
  }

  it('says in one line that it cannot write the preview', async () => {
    const file = path.join(directory, 'a-file');
    await writeFile(file, '');

    const { status, stderr } = await run(['preview', file]);

    expect(status).to.equal(1);
    expect(stderr).to.equal(
      `latchkey: nothing can be written to ${file} (EEXIST); name a directory that this user can write to\n`,
    );
  });

  it('anything else prints the usage', async () => {
    for (const args of [[], ['print', 'x'], ['preview'], ['preview', 'a', 'b'], ['send']]) {
      const { status, stderr } = await run(args);
      expect(status, args.join(' ')).to.equal(2);
      expect(stderr).to.match(/^latchkey: .+; use: npm run mails -- .*\n$/);
    }
  });
});
