import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { addJob, deadJob, runningJob } from '../../support/listed-jobs.ts';
import { brokenRules } from '../../support/problems.ts';

describe('listJobs', () => {
  const app = useApp();
  let token: string;

  before('sign an administrator in', async () => {
    ({ accessToken: token } = await app.signIn('admin'));
  });
  beforeEach(() => app.context.database.pool('jobs').delete());

  const list = (query: Record<string, string | number> = {}) => app.send('get', '/jobs', { token, query });
  const idsOf = async (query: Record<string, string | number>) =>
    ((await list(query)).body.items as { id: string }[]).map(({ id }) => id);

  it('shows what waits, runs and is dead, the newest first, but not what it works on', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const payload = { userId: 'ada', to: 'ada@example.com' };
    const waiting = await addJob(app, { name: 'expire_sessions', is_recurring: true, run_at: inAnHour });
    const running = await addJob(app, runningJob());
    const dead = await addJob(app, { ...deadJob(), payload });

    const { body, bytes } = await list();

    const common = { name: 'send_notice', is_recurring: false, run_at: null, dead_at: null, last_error: null };
    const items = (body.items as { created_at: string; dead_at: string | null }[]).map(
      ({ created_at: createdAt, ...job }) => {
        expect(Date.now() - Date.parse(createdAt)).to.be.within(-1000, 60_000);
        return { ...job, dead_at: job.dead_at && 'lately' };
      },
    );
    expect(items).to.deep.equal([
      { ...common, id: dead, state: 'dead', attempts: 12, dead_at: 'lately', last_error: 'no such mailbox' },
      { ...common, id: running, state: 'running', attempts: 1 },
      {
        ...common,
        id: waiting,
        name: 'expire_sessions',
        state: 'waiting',
        attempts: 0,
        is_recurring: true,
        run_at: inAnHour.toISOString(),
      },
    ]);
    expect(bytes.toString()).not.to.include('ada');
  });

  it('filters by state and name', async () => {
    const waiting = await addJob(app);
    // Its process died, so that another may take it.
    const abandoned = await addJob(app, { ...runningJob(), run_at: new Date(Date.now() - 1000) });
    const running = await addJob(app, runningJob());
    const dead = await addJob(app, deadJob());
    const other = await addJob(app, { ...deadJob(), name: 'erase_users' });

    expect(await idsOf({ state: 'waiting' })).to.deep.equal([abandoned, waiting]);
    expect(await idsOf({ state: 'running' })).to.deep.equal([running]);
    expect(await idsOf({ state: 'dead' })).to.deep.equal([other, dead]);
    expect(await idsOf({ state: 'dead', name: 'send_notice' })).to.deep.equal([dead]);
    expect(await idsOf({ name: 'of_another_release' })).to.deep.equal([]);
  });

  it('goes on from a cursor to the end, whatever has come since', async () => {
    const ids = [await addJob(app), await addJob(app), await addJob(app)];

    const first = await list({ limit: 2, name: 'send_notice' });
    await addJob(app);
    const second = await list({ limit: 2, name: 'send_notice', cursor: first.body.next_cursor });

    const walked = [...first.body.items, ...second.body.items] as { id: string }[];
    expect(walked.map(({ id }) => id)).to.deep.equal(ids.toReversed());
    expect(second.body.next_cursor).to.be.null;
    const ofAnotherList = await list({ limit: 2, cursor: first.body.next_cursor });
    expect(brokenRules(ofAnotherList)).to.deep.equal(['/query/cursor cursor']);
  });
});
