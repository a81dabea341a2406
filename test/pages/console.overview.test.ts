import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { addJob, deadJob } from '../support/listed-jobs.ts';
import { newPerson } from '../support/people.ts';
import { button } from './account.ts';
import { openConsole } from './console.ts';
import { heading, itLooksWell, useSite } from './site.ts';

describe('the pages /console and /console/jobs', () => {
  const site = useSite();
  const overview = { path: '/console', title: 'Overview' };
  const jobs = { path: '/console/jobs?state=dead', title: 'Jobs' };
  const state = (page: Page) => page.getByRole('region', { name: 'Is it well?' });
  const pool = () => site.app.context.database.pool;
  let admin: SignedIn;

  before('add an administrator, and what happened on the days before', async () => {
    admin = await site.app.signIn('admin', newPerson({ fullName: 'Ann Admin' }));
    for (let day = 1; day < 14; day += 1) await addEvents('session.started', day, ((day * 7) % 11) + 1);
    await addEvents('session.start_failed', 7, 3);
  });
  beforeEach('leave nothing to do', () => pool()('jobs').delete());

  async function addEvents(type: string, daysAgo: number, count: number): Promise<void> {
    const created_at = new Date(Date.now() - daysAgo * 86_400_000);
    const event = { created_at, type, outcome: 'success', details: {} };
    await pool()('audit_events').insert(Array.from({ length: count }, () => ({ id: randomUUID(), ...event })));
  }

  async function addDeadMail(to = newPerson().email): Promise<string> {
    const payload = { to, notice: 'password_changed', values: { at: new Date().toISOString() } };
    return addJob(site.app, { ...deadJob(), payload });
  }

  it('says that all is well, then what is stuck and what is odd, and shows the days as plots and tables', async () => {
    const page = await openConsole(site, admin, overview);
    await state(page).getByText('Everything is done as it should be').waitFor();
    await addEvents('session.start_failed', 0, 25);
    await addDeadMail();
    await addJob(site.app, { run_at: new Date(Date.now() - 600_000) });

    await page.reload();

    await state(page).getByText('1 mail could not be sent.').waitFor();
    await state(page)
      .getByText(/^\d jobs? ha(s|ve) been due since/)
      .waitFor();
    await state(page).getByText('Many sign-ins fail: 25 so far today').waitFor();
    await page.getByRole('img', { name: 'Failed sign-ins a day: 25 so far today, at most 25 on' }).waitFor();
    await page.getByLabel('Failed sign-ins as a table').click();
    const table = page.getByRole('figure').filter({ hasText: 'Failed sign-ins' }).getByRole('row');
    expect(await table.count()).to.equal(15);
    expect(await table.nth(1).textContent()).to.match(/25$/);
    expect(await table.nth(8).textContent()).to.match(/3$/);
    await state(page).getByRole('link', { name: 'Look at the events' }).click();
    await heading(page, 'Events').waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('type')).to.equal('session.start_failed');
    const from = Date.parse(`${searchParams.get('from')}T00:00`);
    expect(from).to.be.within(Date.now() - 2 * 86_400_000, Date.now());

    const moderator = await openConsole(site, await site.app.signIn('moderator', newPerson()), overview);
    await state(moderator).getByText('1 mail could not be sent.').waitFor();
    expect(await state(moderator).getByRole('link').count()).to.equal(0);
  });

  it('tries dead mails again, says what became of them, and drops one whose name is entered', async () => {
    const { email } = newPerson();
    await addDeadMail(email);
    const page = await openConsole(site, admin, jobs);
    const row = page.getByRole('row').filter({ hasText: 'Mail: notice' });
    await row.getByText('no such mailbox').waitFor();
    await row.getByRole('button', { name: 'Try now' }).click();
    await row.getByText('It is being tried.').waitFor();
    await site.mailTo(email);
    await row.getByText('Done.').waitFor();

    const id = await addDeadMail();
    await button(page, 'Look again').click();
    await row.getByRole('button', { name: 'Try now' }).click();
    await row.getByText('It is being tried.').waitFor();
    await pool()('jobs')
      .where({ id })
      .update({ ...deadJob(), attempts: 1, last_error: 'still no mailbox' });
    await row.getByText('It failed again.').waitFor();
    await row.getByText('still no mailbox').waitFor();
    await row.getByRole('button', { name: 'Drop' }).click();
    await row.getByLabel('Name of the job').fill('send');
    await row.getByRole('button', { name: 'Drop', exact: true }).click();
    await row.getByRole('alert').getByText('Enter send_notice, or cancel').waitFor();
    await row.getByLabel('Name of the job').fill('send_notice');
    await row.getByRole('button', { name: 'Drop', exact: true }).click();

    await row.getByText('Dropped.').waitFor();
    expect(await pool()('jobs').where({ id })).to.deep.equal([]);
    await page.reload();
    await page.getByText('No job is of this kind and in this state.').waitFor();
    await page.getByRole('link', { name: 'Show all jobs' }).click();
    await page.getByText('What is done leaves the list.').waitFor();
    expect(site.browser.troubles).to.deep.equal([]);
  });

  itLooksWell(site, 'console-overview', async () => {
    await addDeadMail();
    const page = await openConsole(site, admin, overview);
    await page.getByRole('figure').first().waitFor();
    await page.getByLabel('Sign-ins as a table', { exact: true }).click();
    return page;
  });
  itLooksWell(site, 'console-jobs', async () => {
    await addDeadMail();
    await addJob(site.app, { name: 'expire_sessions', is_recurring: true, run_at: new Date(Date.now() + 3_600_000) });
    const page = await openConsole(site, admin, { ...jobs, path: '/console/jobs' });
    await page.getByRole('button', { name: 'Drop: Mail: notice' }).click();
    return page;
  });
});
