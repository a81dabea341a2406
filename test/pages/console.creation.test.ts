import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { SignedIn } from '../support/app.ts';
import { addUser } from '../support/factories.ts';
import { newPerson } from '../support/people.ts';
import { button } from './account.ts';
import { openConsole } from './console.ts';
import { heading, itLooksWell, useSite } from './site.ts';

describe('the pages of the console that create users', () => {
  const site = useSite();
  const create = { path: '/console/users/new', title: 'Create a user' };
  const importing = { path: '/console/users/import', title: 'Import users' };
  let admin: SignedIn;

  before('add an administrator', async () => {
    admin = await site.app.signIn('admin', newPerson({ fullName: 'Ann Admin' }));
  });

  it('invite a moderator by mail, and create a user with a password', async () => {
    const page = await openConsole(site, admin, create);
    const { email } = newPerson();
    await button(page, 'Create the user').click();
    await page.getByRole('link', { name: 'Enter the name' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await page.getByLabel('E-mail address').fill(admin.email);
    await page.getByLabel('Role').selectOption('Moderator');
    await button(page, 'Create the user').click();
    await page.getByRole('alert').getByText('Another user has this e-mail address').waitFor();
    await page.getByLabel('E-mail address').fill(email);
    await button(page, 'Create the user').click();

    await page.getByText(`Grace Hopper is created, and a link is on its way to ${email}.`).waitFor();
    expect((await site.mailTo(email)).link).to.contain('/reset-password#');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).to.equal('');
    const ada = newPerson({ fullName: 'Ada Lovelace' });
    await page.getByLabel('Name', { exact: true }).fill(ada.fullName);
    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByLabel('Choose a password for them').check();
    await page.getByLabel('Password', { exact: true }).fill(ada.password);
    await button(page, 'Create the user').click();
    await page.getByText('Ada Lovelace is created and can sign in.').waitFor();
    await page.getByRole('link', { name: 'Look at the user' }).click();
    await heading(page, 'Ada Lovelace').waitFor();
    const json = { email: ada.email, password: ada.password };
    expect((await site.app.send('post', '/auth/login', { json })).status).to.equal(200);
  });

  it('import a list: say what is wrong with it first, wait when the service asks, stop, go on, and report what failed', async () => {
    const page = await openConsole(site, admin, importing);
    const taken = await addUser(site.app);
    const people = [newPerson(), newPerson(), newPerson()];
    const lines = [...people.slice(0, 2), taken, ...people.slice(2)].map(
      ({ email, fullName }) => `${email},${fullName},`,
    );
    await page.getByLabel('The list').fill(['email,name,role', ...lines, 'nobody,No Body,'].join('\n'));
    await button(page, 'Check the list').click();
    await page.getByText('4 users can be created. One line has a mistake and is left out.').waitFor();
    await page.getByRole('row', { name: '6 nobody The e-mail address must look like' }).waitFor();
    let sent = 0;
    await page.route('**/api/v1/users', async (route) => {
      sent += 1;
      if (sent !== 2) return route.continue();
      const problem = {
        type: 'about:blank',
        title: 'Too many',
        status: 429,
        detail: 'Wait.',
        instance: 'x',
        code: 'rate_limited',
      };
      const headers = { 'Retry-After': '300', 'Content-Type': 'application/problem+json' };
      return route.fulfill({ status: 429, headers, body: JSON.stringify(problem) });
    });

    await button(page, 'Create 4 users and mail them').click();
    await page.getByText('The service asks to wait 300 seconds.').waitFor();
    await button(page, 'Stop').click();
    await page.getByText('1 created, 3 left').waitFor();
    await button(page, 'Go on with the remaining 3').click();

    await page.getByText('3 created, 1 failed', { exact: true }).waitFor();
    await page.getByRole('row', { name: `4 ${taken.email} Another user has this e-mail address` }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      button(page, 'Download these lines as CSV').click(),
    ]);
    const csv = await readFile(await file.path(), 'utf8');
    expect(csv).to.equal(
      `email,name,role,error\r\n${taken.email},${taken.fullName},user,Another user has this e-mail address\r\n`,
    );
    for (const { email } of people) expect((await site.mailTo(email)).link).to.contain('/reset-password#');
  });

  it('send those with too long a list to the command', async () => {
    const page = await openConsole(site, admin, importing);
    const list = Array.from({ length: 5001 }, (_, index) => `p${index}@example.com,P ${index},user`).join('\n');
    await page
      .getByLabel('Choose a file')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });

    await page.getByText('There are 5,001 rows; this page takes 5,000.').waitFor();
    await page.getByText('npm run users -- import users.ndjson').waitFor();
  });

  itLooksWell(site, 'console-new-user', async () => {
    const page = await openConsole(site, admin, create);
    await page.getByLabel('Choose a password for them').check();
    return page;
  });
  itLooksWell(site, 'console-import', async () => {
    const page = await openConsole(site, admin, importing);
    const list = 'ada@example.com,Ada Lovelace,\ngrace@example.com,Grace Hopper,moderator\nalan,Alan Turing,\n';
    await page.getByLabel('The list').fill(list);
    await button(page, 'Check the list').click();
    await page.getByText('One line has a mistake').waitFor();
    return page;
  });
});
