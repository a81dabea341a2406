import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';
import { main } from '../../support/process.ts';
import { scrape } from '../../support/scrape.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

describe("a log that can't be written", function () {
  let copy: { url: string; drop: () => Promise<void> };
  let origin: string;
  let operators: string;

  beforeEach(async () => {
    copy = await copyTemplate();
    const [port, adminPort] = [await freePort(), await freePort()];
    origin = `http://127.0.0.1:${port}`;
    operators = `http://127.0.0.1:${adminPort}`;
  });
  afterEach(() => copy.drop());

  /** Starts a server that writes its log to `stdout`, and waits until it is ready. */
  async function serve(stdout: number | 'pipe', format: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [main, 'serve'], {
      cwd: root,
      stdio: ['ignore', stdout, 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'],
        DATABASE_URL: copy.url,
        DATA_DIR: path.join(tmpdir(), 'latchkey-broken-log'),
        LOG_FORMAT: format,
        LOG_LEVEL: 'debug', // a line for each probe
        PORT: new URL(origin).port,
        ADMIN_PORT: new URL(operators).port,
      },
    });
    const isReady = () =>
      fetch(`${operators}/ready`).then(
        ({ status }) => status === 200,
        () => child.exitCode !== null,
      );
    await eventually('it is ready', isReady, 30_000);
    return child;
  }

  /** Sends requests, stops the server, and returns both outcomes. */
  async function use(child: ChildProcess) {
    const stderr = text(child.stderr!);
    const statuses: number[] = [];
    for (let time = 0; time < 20; time += 1) statuses.push((await fetch(`${origin}/api/v1/health`)).status);
    const lost = await eventually('lines are lost', async () => {
      const lines = (await scrape(operators)).get('latchkey_log_lines_lost_total') ?? 0;
      return lines >= 20 && lines;
    });
    child.kill('SIGTERM');
    await once(child, 'close');
    return { statuses: [...new Set(statuses)], lost, status: child.exitCode, stderr: await stderr };
  }

  for (const format of ['json', 'pretty']) {
    it(`with a full disk (${format}): answers requests, counts lost lines and reports it once`, async function () {
      if (!existsSync('/dev/full')) {
        process.stdout.write('    skipped: this system has no /dev/full\n');
        this.skip();
      }
      const full = await open('/dev/full', constants.O_WRONLY);
      const child = await serve(full.fd, format);
      await full.close();

      const { statuses, status, stderr } = await use(child);

      expect(statuses).to.deep.equal([200]);
      expect(status).to.equal(0);
      expect(stderr).to.equal("latchkey: the log can't be written (ENOSPC); lines are lost until it can\n");
    });
  }

  it('with its reader gone: answers requests, counts lost lines and reports it once', async () => {
    const child = await serve('pipe', 'json');
    child.stdout?.destroy();

    const { statuses, status, stderr } = await use(child);

    expect(statuses).to.deep.equal([200]);
    expect(status).to.equal(0);
    expect(stderr).to.equal("latchkey: the log can't be written (EPIPE); lines are lost until it can\n");
  });
});
