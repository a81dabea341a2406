import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAction } from '../../../src/commands/jobs.ts';
import type { JobModel } from '../../../src/platform/jobs/job.model.ts';
import { callOf } from '../../../src/process/usage.ts';
import { useDatabase } from '../../support/database.ts';
import { createEmptyDatabase } from '../../support/empty-database.ts';
import { finishInProcess } from '../../support/in-process.ts';
import { runCommand } from '../../support/process.ts';

describe('the command jobs', function () {
  const database = useDatabase();
  const variables = (url = database.url) => ({
    DATABASE_URL: url,
    DATA_DIR: path.join(tmpdir(), 'latchkey-commands'),
  });
  const run = (...args: string[]) => finishInProcess(async () => readAction(args)(database.db));
  const runProcess = (...args: string[]) => runCommand(['jobs', ...args], variables());
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const jobs = () => database.db<JobModel>('jobs');
  const rowOf = (id: string) => jobs().where({ id }).first();

  beforeEach(() => jobs().delete());

  async function aJob(columns: Partial<JobModel>): Promise<string> {
    const id = randomUUID();
    await jobs().insert({ id, name: 'send_mail', payload: {}, ...columns });
    return id;
  }
  const aDeadJob = () => aJob({ attempts: 12, dead_at: ago(60), created_at: ago(7200), last_error: 'no such address' });
  const aRunningJob = () =>
    aJob({ name: 'expire_sessions', attempts: 1, lease_id: randomUUID(), run_at: ago(-50), created_at: ago(5) });

  it('list shows dead, running and waiting jobs with age, attempts and last error', async () => {
    const waiting = await aJob({ created_at: ago(600), run_at: ago(-1800), attempts: 2, last_error: 'away' });
    const running = await aRunningJob();
    const dead = await aDeadJob();

    const { status, stdout } = await run('list');

    expect(status).to.equal(0);
    expect(stdout.trimEnd().split('\n')).to.deep.equal([
      `dead     ${dead}  send_mail        enqueued 2 h ago, 12 attempts: no such address`,
      `running  ${running}  expire_sessions  enqueued ${/enqueued (\d+ s) ago/.exec(stdout)?.[1]} ago, 1 attempt`,
      `waiting  ${waiting}  send_mail        enqueued 10 min ago, due in 30 min, 2 attempts: away`,
    ]);
  });

  it('list --json is for programs', async () => {
    const id = await aDeadJob();

    const { jobs: listed } = JSON.parse((await runProcess('list', '--json')).stdout) as { jobs: object[] };

    expect(listed).to.have.length(1);
    expect(listed[0]).to.include({ id, name: 'send_mail', state: 'dead', attempts: 12, lastError: 'no such address' });
    expect(listed[0]).to.have.keys([
      'id',
      'name',
      'state',
      'attempts',
      'isRecurring',
      'createdAt',
      'runAt',
      'deadAt',
      'lastError',
    ]);
  });

  it('list says when there are none', async () => {
    expect(await run('list')).to.deep.equal({ status: 0, stdout: 'no jobs\n', stderr: '' });
  });

  it('retry makes a dead job due now, as if it were new', async () => {
    const id = await aDeadJob();

    expect(await run('retry', id)).to.deep.equal({ status: 0, stdout: `${id} is due now\n`, stderr: '' });

    const row = await rowOf(id);
    expect(row).to.include({ attempts: 0, dead_at: null, lease_id: null });
    expect(row!.run_at.getTime()).to.be.closeTo(Date.now(), 10_000);
  });

  it('retry leaves a dead job alone while a newer one of its key waits', async () => {
    const id = await aDeadJob();
    await jobs().where({ id }).update({ key: 'ada' });
    await jobs().insert({ id: randomUUID(), name: 'send_mail', payload: {}, key: 'ada' });

    const { status, stderr } = await run('retry', id);

    expect({ status, stderr }).to.deep.equal({
      status: 1,
      stderr: `latchkey: a newer job does the work of ${id}; drop this one\n`,
    });
    expect((await rowOf(id))?.dead_at).not.to.equal(null);
  });

  it('drop deletes a job', async () => {
    const [id, other] = [await aDeadJob(), await aDeadJob()];

    expect(await runProcess('drop', id)).to.deep.equal({ status: 0, stdout: `${id} was dropped\n`, stderr: '' });

    expect(await jobs().pluck('id')).to.deep.equal([other]);
  });

  it('touches neither running nor unknown jobs', async () => {
    const running = await aRunningJob();
    const before = await rowOf(running);

    for (const id of [running, randomUUID(), 'x'])
      for (const action of ['retry', 'drop']) {
        const { status, stdout, stderr } = await run(action, id);
        expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
        expect(stderr).to.equal(`latchkey: no job ${id} is waiting or dead; see ${callOf('jobs', 'list')}\n`);
      }
    expect(await rowOf(running)).to.deep.equal(before);
  });

  it('anything else prints the usage', async () => {
    for (const args of [[], ['list', 'all'], ['retry'], ['drop', 'a', 'b'], ['retry', '--json', 'a'], ['--all']]) {
      const { status, stderr } = await run(...args);
      expect(status, args.join(' ')).to.equal(2);
      expect(stderr).to.include(`; use: ${callOf('jobs')}`);
    }
  });

  it('reports a database without the jobs table', async () => {
    const empty = await createEmptyDatabase();
    try {
      const { status, stderr } = await runCommand(['jobs', 'list'], variables(empty.url));
      expect(status).to.equal(1);
      expect(stderr).to.equal('latchkey: the database lacks migrations; run npm run migrate first\n');
    } finally {
      await empty.drop();
    }
  });
});
