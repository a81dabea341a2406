import { expect } from 'chai';
import type { JobModel } from '../../../src/platform/jobs/job.model.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { addJob, deadJob, runningJob } from '../../support/listed-jobs.ts';

describe('retryJob', () => {
  const app = useApp();
  let admin: SignedIn;

  before('sign an administrator in', async () => {
    admin = await app.signIn('admin');
  });

  const retry = (id: string) => app.send('post', `/jobs/${id}/retry`, { token: admin.accessToken });
  const rowOf = (id: string) => app.context.database.pool<JobModel>('jobs').where({ id }).first();
  const events = () => app.context.database.pool('audit_events').where({ type: 'job.retried' });

  it('makes a dead job due at once, as if it were new, and records who did it', async () => {
    const id = await addJob(app, deadJob());

    const { status, body } = await retry(id);

    expect([status, body.id, body.state, body.attempts, body.dead_at]).to.deep.equal([200, id, 'waiting', 0, null]);
    expect(body.last_error).to.equal('no such mailbox');
    expect(Date.now() - Date.parse(body.run_at as string)).to.be.within(-1000, 60_000);
    expect(await rowOf(id)).to.include({ dead_at: null, lease_id: null, attempts: 0 });
    const [event, ...others] = await events().whereRaw(`details ->> 'job' = ?`, [id]);
    expect(others).to.deep.equal([]);
    expect(event).to.include({ outcome: 'success', actor_id: admin.id, user_id: null });
    expect(event.details).to.deep.equal({ job: id, name: 'send_notice' });
  });

  it('brings a waiting job forward', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const id = await addJob(app, { attempts: 3, run_at: inAnHour, last_error: 'away' });

    expect((await retry(id)).body.state).to.equal('waiting');

    expect((await rowOf(id))!.run_at.getTime()).to.be.below(Date.now() + 60_000);
  });

  it('leaves alone a job that runs, and a dead one whose work a newer one does', async () => {
    const running = await addJob(app, runningJob());
    const replaced = await addJob(app, { ...deadJob(), key: 'ada' });
    await addJob(app, { key: 'ada' });
    const before = [await rowOf(running), await rowOf(replaced)];
    const eventsBefore = await events();

    const answers = [await retry(running), await retry(replaced)];

    expect(answers.map(({ status, body }) => [status, body.code as string])).to.deep.equal([
      [409, 'job_running'],
      [409, 'job_replaced'],
    ]);
    expect([await rowOf(running), await rowOf(replaced)]).to.deep.equal(before);
    expect(await events()).to.deep.equal(eventsBefore);
  });
});
