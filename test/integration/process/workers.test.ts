import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { holdTable } from '../../support/held-table.ts';
import { runCommand, startServer, type RunningServer } from '../../support/process.ts';
import { startSteadyLoad } from '../../support/steady-load.ts';
import { isAlive, listeningWorkers, rollWorkers, timesLogged, workersOf } from '../../support/workers.ts';

const login = (origin: string) =>
  fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'violet lantern 4711' }),
  });

const lost = 'a worker exited; starting another after a pause';

describe('serve with workers', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let server: RunningServer;

  const variables = () => ({ ...testEnvironment(copy.url), LOG_LEVEL: 'info', WORKERS: '2', KEEP_ALIVE_SECONDS: '1' });
  const health = () => `${server.origin}/api/v1/health`;

  before('start a primary with two workers', async () => {
    copy = await copyTemplate();
    server = await startServer(variables());
  });

  after(async () => {
    await server.stop('SIGKILL');
    await copy.drop();
  });

  const twoWorkers = () => listeningWorkers(server, 2);

  it('names its processes so that `latchkey serve` finds them all', async () => {
    const titles = (await workersOf(server)).map(({ title }) => title);

    expect(titles).to.have.members(['latchkey serve worker 1', 'latchkey serve worker 2']);
  });

  it('spreads requests over the workers, which share one secret', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => fetch(health(), { headers: { Connection: 'close' } })),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(Array(8).fill(200));
  });

  it('replaces a killed worker with growing backoff', async () => {
    const [survivor, first] = await twoWorkers();
    let victim = first;
    for (let deaths = 1; deaths <= 2; deaths++) {
      process.kill(victim!, 'SIGKILL');
      await eventually('the death is noticed', () => timesLogged(server, lost) === deaths);
      victim = (await twoWorkers()).find((pid) => pid !== survivor);
    }

    expect((await fetch(health())).status).to.equal(200);
    const deaths = server.log().filter(({ msg }) => msg === lost);
    expect(deaths.map(({ signal, pauseMs }) => [signal, pauseMs])).to.deep.equal([
      ['SIGKILL', 100],
      ['SIGKILL', 200],
    ]);
    expect(await twoWorkers()).to.include(survivor);
  });

  it('keeps nobody waiting for a worker killed before accepting a connection', async () => {
    const [stopped] = await twoWorkers();
    process.kill(stopped!, 'SIGSTOP');
    const ask = () => fetch(health(), { headers: { Connection: 'close' } });
    const asked = [ask(), ask(), ask(), ask()].map((answer) =>
      answer.then(
        () => 'answered',
        () => 'cut',
      ),
    );
    const settled: string[] = [];
    for (const each of asked) void each.then((how) => settled.push(how));
    await eventually('the other worker answers', () => settled.length === 3);

    process.kill(stopped!, 'SIGKILL');

    expect((await Promise.all(asked)).sort()).to.deep.equal(['answered', 'answered', 'answered', 'cut']);
    await twoWorkers();
  });

  it('replaces every worker on SIGHUP without failing a request', async () => {
    const before = await twoWorkers();
    const load = startSteadyLoad(health(), 4);

    await rollWorkers(server);

    const failures = await load.stop();
    expect(failures).to.deep.equal([]);
    expect(load.answered()).to.be.greaterThan(100);
    expect(await twoWorkers()).to.not.include.oneOf(before);
  });

  it('replaces a worker that gets SIGTERM without failing a request', async () => {
    const [victim, other] = await twoWorkers();
    const load = startSteadyLoad(health(), 4);

    process.kill(victim!, 'SIGTERM');
    await eventually('the worker ends', () => !isAlive(victim!));

    expect(await load.stop()).to.deep.equal([]);
    expect(await twoWorkers())
      .to.include(other)
      .and.not.include(victim);
  });

  it('leaves no worker behind when the primary is killed, and answers requests in flight', async () => {
    const pids = await twoWorkers();
    const users = await holdTable(copy.url, 'users');
    const answers = [login(server.origin), login(server.origin)];
    await users.waiting(2);

    server.child.kill('SIGKILL');
    await eventually('nobody listens', () =>
      fetch(health()).then(
        () => false,
        () => true,
      ),
    );
    await users.release();

    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).to.deep.equal([401, 401]);
    for (const pid of pids) await eventually(`worker ${pid} ends`, () => !isAlive(pid));
    server = await startServer(variables());
  });

  it('stops all workers and exits with 0 on SIGTERM', async () => {
    const pids = await twoWorkers();

    const { status } = await server.stop('SIGTERM');

    expect(status).to.equal(0);
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });
});

describe('a rolling restart with invalid secrets', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let directory: string;
  let server: RunningServer;

  before('start a server with its secret in a file', async () => {
    copy = await copyTemplate();
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-roll-'));
    const file = path.join(directory, 'secret');
    await writeFile(file, 'a signing secret for tests only 0123456789');
    const variables = { ...testEnvironment(copy.url), JWT_SECRETS: '', JWT_SECRETS_FILE: file };
    server = await startServer({ ...variables, LOG_LEVEL: 'info', WORKERS: '2' });
  });

  after(async () => {
    await server.stop('SIGKILL');
    await copy.drop();
    await rm(directory, { recursive: true });
  });

  it('is abandoned, and the running workers continue', async () => {
    const before = await listeningWorkers(server, 2);
    await writeFile(path.join(directory, 'secret'), 'short');

    server.child.kill('SIGHUP');
    await eventually(
      'the rolling restart is abandoned',
      () => timesLogged(server, 'a new worker could not start; the remaining ones are not replaced') === 1,
    );

    expect(await listeningWorkers(server, 2)).to.have.members(before);
    expect((await fetch(`${server.origin}/api/v1/health`)).status).to.equal(200);
    expect((await server.stop()).stderr).to.include('JWT_SECRETS has fewer than 32 characters');
  });
});

describe('serve with workers that cannot start', function () {
  it('reports that the port is in use and exits with an error', async () => {
    const copy = await copyTemplate();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;

    const variables = { ...testEnvironment(copy.url), PORT: String(port), WORKERS: '2' };
    const { status, stderr } = await runCommand(['serve'], variables);

    holder.close();
    await copy.drop();
    expect(status).to.equal(1);
    expect(stderr).to.include(`127.0.0.1:${port} is in use; stop what listens there or set another PORT`);
    expect(stderr).to.not.include('    at ');
  });
});
