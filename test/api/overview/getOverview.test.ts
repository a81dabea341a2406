import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { components } from '../../../generated/openapi.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { addJob, deadJob, runningJob } from '../../support/listed-jobs.ts';

const exactly = (count: number) => ({ count, is_exact: true });

describe('getOverview', () => {
  const app = useApp();
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

  let moderator: SignedIn;

  before('sign a moderator in', async () => {
    moderator = await app.signIn('moderator');
  });

  async function read(): Promise<components['schemas']['Overview']> {
    const { accessToken: token } = moderator;
    return (await app.send('get', '/overview', { token })).body as components['schemas']['Overview'];
  }

  /** Events as they were recorded at a moment. */
  async function addEvents(createdAt: string, ...types: string[]): Promise<void> {
    const rows = types.map((type) => ({ id: randomUUID(), created_at: createdAt, type, outcome: 'success' }));
    await app.context.database.pool('audit_events').insert(rows);
  }

  it('counts users, sessions, what happened by day, and jobs, and names nobody', async () => {
    const [ada, grace, alan] = [await app.signIn(), await app.signIn(), await app.signIn()];
    const { pool } = app.context.database;
    await app.users.remove(grace.id);
    const { accessToken: token } = await app.signIn('admin');
    await app.send('patch', `/users/${alan.id}`, { token, json: { is_active: false } });
    await app.login({ ...ada, password: 'another password' });
    await pool('sessions').insert({ id: randomUUID(), user_id: ada.id, expires_at: new Date(Date.now() - 1000) });
    const idle = { expires_at: new Date(Date.now() + 1e9), last_used_at: new Date(Date.now() - 15 * 86_400_000) };
    await pool('sessions').insert({ id: randomUUID(), user_id: ada.id, ...idle });
    // Days begin and end at midnight in UTC; those before the first are left out.
    await addEvents(`${day(13)}T00:00:00.000Z`, 'user.registered', 'session.started', 'session.ended');
    await addEvents(`${day(14)}T23:59:59.999Z`, 'user.registered');
    await addEvents(`${day(2)}T23:59:59.999Z`, 'password.reset', 'session.start_failed', 'session.start_failed');
    await pool('jobs').delete();
    const dueSince = new Date(Date.now() - 120_000);
    await addJob(app, { run_at: dueSince, last_error: 'away', attempts: 1 });
    await addJob(app, { run_at: new Date(Date.now() + 60_000) });
    await addJob(app, runningJob());
    await addJob(app, deadJob());
    await addJob(app, { ...deadJob(), name: 'erase_users' });

    const { as_of: asOf, users, active_sessions: sessions, days, jobs } = await read();

    expect(Date.now() - Date.parse(asOf)).to.be.within(0, 60_000);
    // Ada, the administrator and the moderator who asks are left, with Alan, who may not sign in.
    expect(users).to.deep.equal({ total: exactly(4), inactive: exactly(1), deleted: exactly(1) });
    expect(sessions).to.deep.equal(exactly(3));
    const [zero, one, two] = [exactly(0), exactly(1), exactly(2)];
    const quiet = { registrations: zero, sign_ins: zero, failed_sign_ins: zero, password_resets: zero };
    expect(days.slice(0, -1)).to.deep.equal(
      Array.from({ length: 13 }, (_, index) => ({
        date: day(13 - index),
        ...quiet,
        ...(index === 0 && { registrations: one, sign_ins: one }),
        ...(index === 11 && { failed_sign_ins: two, password_resets: one }),
      })),
    );
    expect(days[13]).to.include({ date: day(0) });
    expect(days[13]!.sign_ins).to.deep.equal(exactly(5));
    expect(days[13]!.failed_sign_ins).to.deep.equal(one);
    const { due_since: since, ...numbers } = jobs;
    expect(numbers).to.deep.equal({ due: 1, retrying: 1, dead: 2, dead_mails: 1 });
    expect(Date.parse(since!)).to.be.closeTo(dueSince.getTime(), 10_000);
  });

  it('shows at once what has happened since, and that nothing is due', async () => {
    const before = await read();
    await app.signIn();
    await app.context.database.pool('jobs').delete();

    const after = await read();

    const signIns = (body: typeof before) => body.days[13]!.sign_ins.count;
    expect(signIns(after)).to.equal(signIns(before) + 1);
    expect(after.jobs).to.deep.equal({ due: 0, due_since: null, retrying: 0, dead: 0, dead_mails: 0 });
  });
});
