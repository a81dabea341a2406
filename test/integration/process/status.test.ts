import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'chai';
import { statusOfWorkers } from '../../../src/process/status.ts';
import { createMetrics } from '../../../src/platform/metrics/metrics.ts';
import { eventually } from '../../support/eventually.ts';
import { parseMetrics } from '../../support/scrape.ts';

describe('metrics across workers', function () {
  let status: ReturnType<typeof statusOfWorkers>;
  let workers: Worker[];

  beforeEach(async () => {
    cluster.setupPrimary({
      exec: path.join(import.meta.dirname, '..', '..', 'support', 'counting-worker.ts'),
      execArgv: ['--import', 'tsx'],
      args: [],
    });
    const own = createMetrics({ version: 'test' });
    own.becomePrimary(2);
    status = statusOfWorkers(cluster, own.snapshot);
    own.watchReadiness(status.checkReadiness);
    workers = await Promise.all([begin(), begin()]);
  });

  afterEach(async () => {
    status.stop();
    const left = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(left.map((worker) => end(worker)));
  });

  async function begin(): Promise<Worker> {
    const worker = cluster.fork();
    await once(worker, 'message');
    return worker;
  }

  async function end(worker: Worker): Promise<void> {
    const exit = once(worker, 'exit');
    worker.process.kill('SIGKILL');
    await exit;
  }

  const signIn = (worker: Worker | undefined, times: number) => {
    for (let time = 0; time < times; time += 1) worker?.send({ order: 'login' });
  };
  const values = async () => parseMetrics(await status.metrics());
  const ready = async () => (await values()).get('latchkey_ready');
  const logins = async () => (await values()).get('latchkey_logins_total{outcome="success"}');

  it('add up counters, histograms and gauges, and take the longest delay', async () => {
    signIn(workers[0], 3);
    signIn(workers[1], 4);

    const sums = await values();

    expect(sums.get('latchkey_logins_total{outcome="success"}')).to.equal(7);
    const requests = 'operation_id="login",status_class="2xx"';
    expect(sums.get(`latchkey_http_request_duration_seconds_count{${requests}}`)).to.equal(7);
    expect(sums.get(`latchkey_http_request_duration_seconds_bucket{le="0.025",${requests}}`)).to.equal(7);
    expect(sums.get('latchkey_database_pool_max')).to.equal(20);
    expect(sums.get('latchkey_database_pool_waiting')).to.equal(6);
    expect(sums.get('latchkey_workers')).to.equal(2);
    expect(sums.get('latchkey_workers_configured')).to.equal(2);
    expect(sums.get('process_start_time_seconds')).to.be.within(performance.timeOrigin / 1000 - 1, Date.now() / 1000);
    expect(sums.get('latchkey_event_loop_delay_seconds{quantile="0.5"}')).to.be.within(0, 1);
    const build = [...sums].find(([series]) => series.startsWith('latchkey_build_info'));
    expect(build?.[1]).to.equal(1);
  });

  it("keep a finished worker's counters and drop its gauges", async () => {
    signIn(workers[0], 3);
    signIn(workers[1], 4);
    workers[0]?.send({ order: 'retire' });
    await once(workers[0]!, 'exit');

    const sums = await eventually('one worker is left', async () => {
      const found = await values();
      return found.get('latchkey_workers') === 1 && found;
    });

    expect(sums.get('latchkey_logins_total{outcome="success"}')).to.equal(7);
    expect(sums.get('latchkey_database_pool_max')).to.equal(10);
    signIn(await begin(), 5);
    expect(await logins()).to.equal(12);
    expect((await values()).get('latchkey_workers')).to.equal(2);
  });

  it("keep a killed worker's last counters, which never go down", async () => {
    signIn(workers[0], 3);
    signIn(workers[1], 4);
    expect(await logins()).to.equal(7);

    await end(workers[1]!);

    expect(await logins()).to.equal(7);
  });

  it('report the other workers while one hangs, and that not all are ready', async () => {
    signIn(workers[0], 3);
    signIn(workers[1], 4);
    expect(await logins()).to.equal(7);
    expect(await ready()).to.equal(1);
    workers[1]?.send({ order: 'freeze' });
    signIn(workers[0], 1);

    expect(await logins()).to.equal(8);
    expect(await ready()).to.equal(0);
  });

  const refusal = () =>
    status.checkReadiness().then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );

  it('set the readiness gauge to 1 only while all workers are ready; the service is while one of them is', async () => {
    expect(await ready()).to.equal(1);
    expect(await refusal()).to.equal('none');

    workers[0]?.send({ order: 'unready' });

    expect(await ready()).to.equal(0);
    expect(await refusal()).to.equal('none');

    workers[1]?.send({ order: 'unready' });

    expect(await refusal()).to.equal('Not ready, as ordered.');
  });

  it('set the readiness gauge to 0 without workers, when the service is not ready either', async () => {
    expect(await ready()).to.equal(1);

    await Promise.all(workers.map(end));

    await eventually('nothing is ready', async () => (await ready()) === 0);
    expect(await refusal()).to.equal('Not ready: no worker answers.');
  });
});
