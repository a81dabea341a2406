/** Jobs shared by several processes, some of which are killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'chai';
import { createJobQueue } from '../../../src/platform/jobs/queue.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

const program = path.join(import.meta.dirname, '..', '..', 'support', 'job-process.ts');

interface Run {
  readonly job_id: string;
  readonly attempt: number;
  readonly pid: number;
}

describe('jobs of several processes', function () {
  const database = useDatabase();
  const queue = createJobQueue();
  let children: ChildProcess[] = [];

  before('create a table of runs', () =>
    database.db.schema.createTable('runs', (table) => {
      table.uuid('job_id');
      table.integer('attempt');
      table.integer('pid');
    }),
  );
  beforeEach('delete all jobs', async () => {
    await database.db('jobs').delete();
    await database.db('runs').delete();
  });
  afterEach('stop the processes', async () => {
    await Promise.all(children.map(kill));
    children = [];
  });

  function startProcess(): ChildProcess {
    const args = ['--import', import.meta.resolve('tsx'), program];
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.url };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    children.push(child);
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  const enqueue = (name: string) => queue.enqueue(database.db, { name, payload: {} });
  /** Adds all at once, so that the processes share them. */
  const enqueueMany = (name: string, count: number) =>
    database.database.transaction(async (db) => {
      const ids: string[] = [];
      while (ids.length < count) ids.push(await queue.enqueue(db, { name, payload: {} }));
      return ids;
    });
  const runs = () => database.db<Run>('runs').select();
  const pids = async () => new Set((await runs()).map(({ pid }) => pid));
  const noneIsLeft = () => eventually('no job is left', async () => (await database.db('jobs')).length === 0, 30_000);

  it('reruns the job of a killed process in another', async () => {
    const id = await enqueue('hang_at_first');
    const first = startProcess();
    await eventually('it runs', async () => (await runs()).length === 1);

    await kill(first);
    const second = startProcess();
    await noneIsLeft();

    expect(await runs()).to.deep.equal([
      { job_id: id, attempt: 1, pid: first.pid },
      { job_id: id, attempt: 2, pid: second.pid },
    ]);
  });

  it('runs each job once, whichever process takes it', async () => {
    for (let count = 0; count < 4; count++) startProcess();
    await eventually('all take part', async () => {
      await enqueue('tell');
      return (await pids()).size === 4;
    });
    await noneIsLeft();
    await database.db('runs').delete();

    const ids = await enqueueMany('tell', 400);
    await noneIsLeft();

    const ran = await runs();
    expect(ran.map(({ job_id }) => job_id).sort()).to.deep.equal(ids.sort());
    expect((await pids()).size).to.be.greaterThan(1);
  });

  it('completes each job exactly once while processes are killed', async () => {
    const ids = await enqueueMany('tell_once', 400);
    for (let count = 0; count < 3; count++) startProcess();

    for (const victims of [1, 2, 3]) {
      const before = (await runs()).length;
      await eventually(
        'more jobs are done',
        async () => (await runs()).length > before + 20 || (await runs()).length === ids.length,
      );
      await Promise.all(children.slice(-victims).map(kill));
      for (let count = 0; count < victims; count++) startProcess();
    }
    await noneIsLeft();

    expect((await runs()).map(({ job_id }) => job_id).sort()).to.deep.equal(ids.sort());
  });
});
