import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { addJob, deadJob, runningJob } from '../../support/listed-jobs.ts';

describe('dropJob', () => {
  const app = useApp();
  let admin: SignedIn;

  before('sign an administrator in', async () => {
    admin = await app.signIn('admin');
  });

  const drop = (id: string) => app.send('delete', `/jobs/${id}`, { token: admin.accessToken });
  const jobs = () => app.context.database.pool('jobs');
  const events = () => app.context.database.pool('audit_events').where({ type: 'job.dropped' });

  it('removes a dead job, and records who did it', async () => {
    const id = await addJob(app, deadJob());

    expect((await drop(id)).status).to.equal(204);

    expect(await jobs().where({ id })).to.deep.equal([]);
    const [event] = await events();
    expect(event).to.include({ outcome: 'success', actor_id: admin.id, user_id: null });
    expect(event.details).to.deep.equal({ job: id, name: 'send_notice' });
    expect((await drop(id)).body.detail).to.equal('There is no job with this id.');
  });

  it('leaves alone what waits, recurs or runs', async () => {
    const ids = [
      await addJob(app),
      await addJob(app, { name: 'of_a_test', is_recurring: true }),
      await addJob(app, runningJob()),
    ];
    const eventsBefore = await events();

    for (const id of ids) {
      const { status, body } = await drop(id);
      expect([status, body.code]).to.deep.equal([409, 'job_not_dead']);
    }

    expect(await jobs().whereIn('id', ids)).to.have.length(3);
    expect(await events()).to.deep.equal(eventsBefore);
  });

  it('lets one of two win who drop or retry a job at once', async () => {
    const id = await addJob(app, deadJob());
    const retry = () => app.send('post', `/jobs/${id}/retry`, { token: admin.accessToken });

    const [dropped, retried] = await Promise.all([drop(id), retry()]);

    const hasDropped = dropped.status === 204;
    expect([dropped.status, retried.status]).to.deep.equal(hasDropped ? [204, 404] : [409, 200]);
    expect(await jobs().where({ id })).to.have.length(hasDropped ? 0 : 1);
  });
});
