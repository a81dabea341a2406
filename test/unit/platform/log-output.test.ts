import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createLog } from '../../../src/platform/log/log.ts';
import { LogOutput } from '../../../src/platform/log/log-output.ts';
import { eventually } from '../../support/eventually.ts';

describe('log output', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'latchkey-log-'));
  const file = path.join(directory, 'log');
  after(() => rmSync(directory, { recursive: true }));

  /** An output, and its complaints. */
  function given(fd = openSync(file, 'w')) {
    const complaints: string[] = [];
    return { fd, complaints, output: new LogOutput(fd, (message) => complaints.push(message)) };
  }
  /** Until lines that were gathered are written: a timer that is set later ends later. */
  const gathered = () => new Promise((resolve) => setTimeout(resolve, 11));

  it('writes the lines of some milliseconds in order, in any script', async () => {
    const { fd, output } = given();
    output.write('one\n');
    output.write('zwölf – 十二\n');

    await gathered();

    closeSync(fd);
    expect(readFileSync(file, 'utf8')).to.equal('one\nzwölf – 十二\n');
    expect(output.lost).to.equal(0);
  });

  it('writes urgent lines at once', () => {
    const { fd, output } = given();
    output.write('one\n');

    output.flushSync();

    closeSync(fd);
    expect(readFileSync(file, 'utf8')).to.equal('one\n');
  });

  it('counts lost lines and complains once per outage', async () => {
    const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
    const pipe = path.join(directory, 'abandoned');
    execFileSync('mkfifo', [pipe]);
    const openReader = () => openSync(pipe, O_RDONLY | O_NONBLOCK);
    const reader = openReader();
    const { fd, output, complaints } = given(openSync(pipe, O_WRONLY | O_NONBLOCK));
    closeSync(reader);
    output.write('one\ntwo\n');
    await gathered();
    output.write('three\n');
    await gathered();
    expect(output.lost).to.equal(3);
    expect(complaints).to.deep.equal(["latchkey: the log can't be written (EPIPE); lines are lost until it can\n"]);

    const again = openReader();
    output.write('four\n');
    await gathered();

    const read = Buffer.alloc(100);
    expect(read.toString('utf8', 0, readSync(again, read))).to.equal('four\n');
    expect(output.lost).to.equal(3);
    for (const each of [again, fd]) closeSync(each);
  });

  describe('into a pipe', () => {
    const { O_NONBLOCK, O_RDWR } = constants;
    const pipe = path.join(directory, 'pipe');
    const lineOf = (letter: string) => `${letter.repeat(300)}\n`;
    let fds: number[];

    beforeEach(() => {
      execFileSync('mkfifo', [pipe]);
      fds = [0, 1, 2].map(() => openSync(pipe, O_RDWR | O_NONBLOCK));
    });
    afterEach(() => {
      for (const fd of fds) closeSync(fd);
      rmSync(pipe);
    });

    /** Everything in the pipe now. */
    function read(): string {
      const buffer = Buffer.alloc(1024 * 1024);
      try {
        return buffer.toString('latin1', 0, readSync(fds[2]!, buffer));
      } catch {
        return '';
      }
    }

    it('keeps lines of several processes whole with a slow reader', async () => {
      const [one, other] = [new LogOutput(fds[0]), new LogOutput(fds[1])];
      for (let line = 0; line < 500; line++) {
        one.write(lineOf('a'));
        other.write(lineOf('b'));
      }

      let text = '';
      await eventually('all came', () => (text += read()).length === 1000 * 301);

      expect(text.split('\n').filter((line) => !/^(a{300}|b{300}|)$/.test(line))).to.deep.equal([]);
    });

    it('drops only whole lines when the reader is too slow', async () => {
      const output = new LogOutput(fds[0], () => {});
      const long = `${'c'.repeat(100_000)}\n`; // more than the pipe takes
      output.write(long);
      await gathered();
      for (let line = 0; line < 5000; line++) output.write(lineOf('d'));
      await eventually('lines are lost', () => output.lost > 0);

      output.write(lineOf('e'));
      let text = '';
      await eventually('the last one came', () => (text += read()).endsWith(lineOf('e')));

      expect(text).to.equal(long + lineOf('e'));
      expect(output.lost).to.equal(5000);
    });
  });

  it('writes a fatal line synchronously', () => {
    const { fd, output } = given();
    const log = createLog({ level: 'info', format: 'json' }, output);

    log.fatal('the end');

    closeSync(fd);
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.include({ msg: 'the end', pid: process.pid });
  });

  it('loses no line on exit, however the process ends', async () => {
    const script = `
      import { createLog } from '${path.join(import.meta.dirname, '../../../src/platform/log/log.ts')}';
      const log = createLog({ level: 'info', format: 'json' });
      for (let line = 1; line <= 5000; line += 1) log.info({ line }, 'counting');
      if (process.argv[1] === 'throw') throw new Error('on purpose');
      if (process.argv[1] === 'exit') process.exit(3);
    `;
    for (const end of ['exit', 'throw', 'return']) {
      const args = ['--import', 'tsx', '--input-type=module', '-e', script, end];
      const options = { cwd: path.join(import.meta.dirname, '../../..'), maxBuffer: 10_000_000 };
      const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
        (failed: unknown) => failed as { stdout: string },
      );

      expect(
        stdout.split('\n').filter((line) => line.includes('counting')),
        end,
      ).to.have.length(5000);
    }
  });
});
