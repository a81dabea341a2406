import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { addUser } from '../support/factories.ts';
import { newPerson } from '../support/people.ts';
import { openConsole } from './console.ts';
import { itLooksWell, useSite } from './site.ts';

describe('the page /console/events', () => {
  const site = useSite();
  const list = { path: '/console/events', title: 'Events' };
  const rows = (page: Page) =>
    page
      .getByRole('table')
      .getByRole('row')
      .filter({ has: page.getByRole('cell') });
  let admin: SignedIn;
  let ada: { readonly id: string; readonly email: string };

  before('add an administrator, a user, and what happened to them', async () => {
    admin = await site.app.signIn('admin', newPerson({ fullName: 'Ann Admin' }));
    ada = await addUser(site.app, { fullName: 'Ada Lovelace', email: 'ada@example.com' });
    const event = { outcome: 'success', user_id: ada.id, actor_id: ada.id, ip_address: '203.0.113.7' };
    const failed = { ...event, type: 'session.start_failed', outcome: 'failure', actor_id: null };
    const changed = { ...event, type: 'user.role_changed', actor_id: admin.id };
    const events = [
      { ...event, type: 'session.started', created_at: '2026-05-03T03:59:59.999Z', details: { method: 'password' } },
      { ...failed, created_at: '2026-05-03T04:00:00.000Z', details: { reason: 'invalid_credentials' } },
      { ...changed, created_at: '2026-05-04T03:59:59.999Z', details: { from: 'user', to: 'moderator' } },
      { ...event, type: 'new.kind', created_at: '2026-05-04T04:00:00.000Z', user_agent: 'Mozilla/5.0', details: {} },
    ];
    const { pool } = site.app.context.database;
    await pool('audit_events').insert(events.map((one) => ({ id: randomUUID(), ...one })));
    await pool.raw(
      `insert into audit_events (id, created_at, type, outcome, user_id, details)
      select gen_random_uuid(), '2026-04-01Z'::timestamptz - n * interval '1 minute', 'user.renamed', 'success', ?, '{}'
      from generate_series(1, 300) n`,
      [ada.id],
    );
  });

  it('shows who did what to whom in plain words, and all that is known of it', async () => {
    const page = await openConsole(site, admin, { ...list, path: '/console/events?from=2026-05-01&to=2026-05-05' });
    const row = (what: string) => rows(page).filter({ hasText: what });

    await row('Role changed, from User to Moderator').getByRole('link', { name: 'Ann Admin' }).waitFor();
    await row('Sign-in failed, the address or the password was wrong')
      .getByRole('link', { name: 'Ada Lovelace' })
      .waitFor();
    await row('Signed in, by password').getByText('Themselves').waitFor();
    expect(await row('Signed in').textContent()).to.contain('203.0.113.7');
    await row('new.kind').locator('summary').click();

    await row('new.kind').getByText('Mozilla/5.0').waitFor();
    await row('new.kind').getByText('2026-05-04T04:00:00.000Z', { exact: true }).waitFor();
    expect(await row('new.kind').getByRole('time').getAttribute('title')).to.equal('2026-05-04T04:00:00.000Z');
    await row('Role changed').getByRole('link', { name: 'Ada Lovelace' }).click();
    expect(new URL(page.url()).pathname).to.equal(`/console/users/${ada.id}`);
  });

  it('filters by days of where somebody is, by person, kind and outcome; the address keeps that over Back and reload', async () => {
    const page = await openConsole(site, admin, list, { timezoneId: 'America/New_York' });
    await page.getByText('Days and times are those of America/New York.').waitFor();
    await page.getByLabel('About').fill('ada@');
    await page.locator('datalist option[value="ada@example.com"]').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'About' }).getByText('Ada Lovelace').waitFor();

    await page.getByLabel('From').fill('2026-05-03');
    await page.getByLabel('Until').fill('2026-05-03');

    await rows(page).nth(2).waitFor({ state: 'detached' });
    expect(await rows(page).count()).to.equal(2);
    await rows(page).first().getByText('3 May 2026, 23:59:59').waitFor();
    const days = `?user_id=${ada.id}&from=2026-05-03&to=2026-05-03`;
    expect(new URL(page.url()).search).to.equal(days);
    await page.getByLabel('Outcome').selectOption('Failed');
    await rows(page).nth(1).waitFor({ state: 'detached' });
    await page.reload();
    await rows(page).getByText('Sign-in failed').waitFor();
    expect(await page.getByLabel('Outcome').inputValue()).to.equal('failure');
    await page.getByLabel('What happened').selectOption('Signed in');
    await page.getByText('Nothing that happened matches all of this.').waitFor();
    await page.goBack();
    await rows(page).getByText('Sign-in failed').waitFor();
    expect(await page.getByLabel('What happened').inputValue()).to.equal('');
  });

  it('goes on while somebody scrolls', async () => {
    const page = await openConsole(site, admin, { ...list, path: `/console/events?user_id=${ada.id}&to=2026-04-30` });
    await rows(page).first().waitFor();

    const last = rows(page).locator('time[datetime="2026-03-31T19:00:00.000Z"]');
    while ((await last.count()) === 0) {
      await page.mouse.wheel(0, 3000);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }

    expect(site.browser.troubles).to.deep.equal([]);
  });

  itLooksWell(site, 'console-events', async () => {
    const path = `/console/events?user_id=${ada.id}&from=2026-05-01&to=2026-05-31`;
    const page = await openConsole(site, admin, { ...list, path });
    await rows(page).getByRole('link', { name: 'Ann Admin' }).waitFor();
    await rows(page).filter({ hasText: 'Sign-in failed' }).locator('summary').click();
    return page;
  });
});
