import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { copyTemplate } from '../../support/database.ts';
import { hasTerminal, runAtTerminal } from '../../support/terminal.ts';

describe('admin create at a terminal (needs python3)', function () {
  let copy: { url: string; drop: () => Promise<void> };

  before(async function () {
    if (!hasTerminal) this.skip();
    copy = await copyTemplate();
  });
  after(async () => {
    if (hasTerminal) await copy.drop();
  });

  const create = (answers: [string, string][]) =>
    runAtTerminal(
      ['admin', 'create', '--email', 'ada@example.com', '--name', 'Ada'],
      { DATABASE_URL: copy.url, DATA_DIR: path.join(tmpdir(), 'latchkey-commands'), BCRYPT_COST: '4' },
      answers,
    );
  const password = 'violet lantern 4711';

  for (const [what, answers, status] of [
    ['Ctrl-C', [['Password:', '\x03']], 130],
    ['Ctrl-C while typing it', [['Password:', 'viol\x03']], 130],
    [
      'Ctrl-C at the repetition',
      [
        ['Password:', `${password}\r`],
        ['Again:', '\x03'],
      ],
      130,
    ],
    ['Ctrl-D', [['Password:', '\x04']], 1],
  ] as [string, [string, string][], number][]) {
    it(`exits with ${status} and restores the terminal on ${what} instead of a password`, async () => {
      const typed = await create(answers);

      expect(typed).to.include({ status, echoes: true });
      expect(typed.said).to.match(/^(Password: \r\n)?(Again: |Password: )\r\nlatchkey: no password was given, .*\r\n$/);
    });
  }

  it('rejects passwords that differ', async () => {
    const typed = await create([
      ['Password:', `${password}\r`],
      ['Again:', 'another one 4711\r'],
    ]);

    expect(typed).to.include({ status: 1, echoes: true });
    expect(typed.said).to.include('latchkey: the passwords differ');
  });

  it("rejects a password that isn't UTF-8", async () => {
    const typed = await create([['Password:', `vi\uFFFDlet lantern\rvi\uFFFDlet lantern\r`]]);

    expect(typed).to.include({ status: 1, echoes: true });
    expect(typed.said).to.include('latchkey: password is not UTF-8 text');
  });

  it('never echoes the password, even pasted twice at once', async () => {
    const typed = await create([['Password:', `${password}\r${password}\r`]]);

    expect(typed).to.include({ status: 0, echoes: true });
    expect(typed.said).to.include('ada@example.com is an administrator now').and.not.include('lantern');
  });
});
