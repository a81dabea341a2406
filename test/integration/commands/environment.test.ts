/** With its environment, a start either serves or exits with a line that names the problem. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { copyTemplate } from '../../support/database.ts';
import { runCommand, startServer } from '../../support/process.ts';

describe('the environment at start', function () {
  let directory: string;
  let copy: { url: string; drop: () => Promise<void> };

  before(async () => {
    copy = await copyTemplate();
  });
  after(() => copy.drop());
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-environment-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const inDirectory = (args: string[], variables: Record<string, string> = {}) =>
    runCommand(args, variables, '', directory);

  describe('.env', () => {
    const file = () => path.join(directory, '.env');

    it('is read in full with a byte order mark and Windows line endings, and as a shell could source it', async () => {
      const lines = [`export DATABASE_URL='${copy.url}'`, 'DATA_DIR=data', ''];
      await writeFile(file(), `\uFEFF${lines.join('\r\n')}`);

      const { stdout, stderr } = await inDirectory(['migrate']);

      expect(stderr).to.equal('');
      expect(stdout).to.equal('nothing to migrate\n');
      expect(await readdir(directory), 'no other database').to.deep.equal(['.env']);
    });

    const refused: [string, () => Promise<unknown>, RegExp][] = [
      [
        'in UTF-16',
        () => writeFile(file(), Buffer.from(`\uFEFFDATABASE_URL=${copy.url}\r\n`, 'utf16le')),
        /it is not UTF-8\); make it a UTF-8 text file/,
      ],
      [
        'in UTF-16 without a byte order mark',
        () => writeFile(file(), Buffer.from(`DATABASE_URL=${copy.url}\r\n`, 'utf16le')),
        /it is not UTF-8/,
      ],
      ['that is a folder', () => mkdir(file()), /EISDIR/],
      ['with an invalid line', () => writeFile(file(), 'PORT=0\nDATABASE_URL hunter2\n'), /line 2 is not NAME=value/],
    ];
    for (const [what, make, reason] of refused) {
      it(`${what} stops the start with one line, and creates no other database`, async () => {
        await make();

        const { status, stderr } = await inDirectory(['serve']);

        expect(status).to.equal(1);
        expect(stderr)
          .to.match(/^latchkey: \.env can't be read \(.*\); .*\n$/)
          .and.match(reason);
        expect(stderr).not.to.include('hunter2');
        expect(await readdir(directory)).to.deep.equal(['.env']);
      });
    }

    it('can set the JSON log, also for what stops the start', async () => {
      await writeFile(file(), 'LOG_FORMAT=json\nPORT=eighty\nHOST=a b\n');

      const { status, stderr } = await inDirectory(['serve']);

      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: number; msg: string });
      expect(status).to.equal(1);
      expect(lines.map(({ level }) => level)).to.deep.equal([60, 60]);
      expect(lines.map(({ msg }) => msg.split(' ')[0])).to.have.members(['HOST', 'PORT']);
    });
  });

  describe('HOST and PORT', () => {
    const variables = () => ({ DATABASE_URL: copy.url, DATA_DIR: directory, PORT: '0', BCRYPT_COST: '4' });
    const noAddress =
      /^latchkey: HOST is ".*", which is not an address of this machine \(\w+\); set HOST=127\.0\.0\.1/m;

    for (const [HOST, WORKERS] of [
      ['x86_64-conda-linux-gnu', '1'],
      ['192.0.2.1', '1'],
      ['2001:db8::1', '2'],
    ] as const) {
      it(`report HOST=${HOST} as the problem, with WORKERS=${WORKERS}`, async () => {
        const { status, stderr } = await runCommand(['serve'], { ...variables(), HOST, WORKERS });

        expect(status).to.equal(1);
        expect(stderr).to.match(noAddress).and.not.include('DATABASE_URL');
        expect(stderr.trim().split('\n')).to.have.length(Number(WORKERS));
      });
    }

    it('accept an IPv6 address in brackets', async function () {
      const probe = createServer().listen(0, '::1');
      await once(probe, 'listening').catch(() => this.skip());
      probe.close();

      const server = await startServer({ ...variables(), HOST: '[::1]' });

      expect(server.origin).to.match(/^http:\/\/\[::1\]:\d+$/);
      expect((await fetch(`${server.origin}/api/v1/health`)).status).to.equal(200);
      await server.stop();
    });

    it('are reported as JSON with a JSON log, from each process', async () => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;

      const busy = { ...variables(), PORT: String(port), LOG_FORMAT: 'json', WORKERS: '2' };
      const { status, stderr } = await runCommand(['serve'], busy);

      holder.close();
      expect(status).to.equal(1);
      const messages = stderr
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg);
      expect(messages[0]).to.equal(`127.0.0.1:${port} is in use; stop what listens there or set another PORT`);
      expect(messages[1]).to.match(/^worker 1 ended before it listened/);
    });
  });

  it("keeps libpq's variables from the embedded PostgreSQL and its driver", async () => {
    const shell = {
      ...{ PGHOST: '192.0.2.1', PGPORT: '1', PGUSER: 'nobody', PGPASSWORD: 'no', PGDATABASE: 'no', PGDATA: '/nowhere' },
      ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/nope', PGOPTIONS: '-c nonsense=1', PGCLIENTENCODING: 'LATIN1' },
    };

    const server = await startServer({ ...shell, DATA_DIR: directory });

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    expect((await server.stop()).status).to.equal(0);
  });

  it("warns about libpq's variables beside DATABASE_URL, and about misspelt ones", async () => {
    const server = await startServer({
      ...{ DATABASE_URL: copy.url, DATA_DIR: directory },
      ...{ PGSSLMODE: 'verify-full', PGOPTIONS: '-c nonsense=1', CORS_ORIGIN: 'https://a.example' },
    });

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    const warnings = server.log().flatMap(({ level, msg }) => (level === 40 ? [msg] : []));
    expect(warnings).to.deep.equal([
      'PGSSLMODE, PGOPTIONS are not read; only DATABASE_URL says how to connect',
      'CORS_ORIGIN is not read; did you mean CORS_ORIGINS?',
    ]);
    await server.stop();
  });
});
