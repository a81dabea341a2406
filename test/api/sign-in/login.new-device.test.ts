/** People are told of sign-ins on devices that they have not used. */
import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';

const env = { TRUST_PROXY: '1' };
const home = '192.0.2.1';
const elsewhere = '198.51.100.7';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

interface From {
  readonly address?: string;
  readonly program?: string;
  readonly deviceToken?: string;
}

describe('login, on a new device', () => {
  const app = useApp({ env });
  const other = useSecondApp(app, { env });

  const login = async ({ email, password }: Person, from: From = {}, through = app) => {
    const { status, body } = await through.send('post', '/auth/login', {
      json: { email, password, ...(from.deviceToken !== undefined && { device_token: from.deviceToken }) },
      headers: { 'X-Forwarded-For': from.address ?? home, 'User-Agent': from.program ?? firefox },
    });
    expect(status).to.equal(200);
    return body as { access_token: string; device_token: string };
  };
  const mailed = async () => (await deliverMails(app)).filter(({ name }) => name === 'new_device');
  const newDeviceJobs = () => app.context.database.pool('jobs').where({ name: 'notify_of_new_device' });
  const register = async () => {
    const person = newPerson();
    const { status } = await app.send('post', '/auth/register', { json: registration(person) });
    expect(status).to.equal(201);
    return person;
  };
  /** Somebody who has signed in once, and what their device is known by. */
  const given = async () => {
    const person = await register();
    const { device_token: deviceToken } = await login(person);
    await deliverMails(app);
    return { person, deviceToken };
  };

  it('tells nobody of the first sign-in after a registration', async () => {
    await login(await register());

    expect(await mailed()).to.deep.equal([]);
  });

  it('tells the owner where, when and with what, and what to do', async () => {
    const { person } = await given();
    await login(person, { address: elsewhere, program: chrome });

    const [mail, ...others] = await mailed();

    expect(others).to.deep.equal([]);
    expect(mail).to.include({ to: person.email, link: undefined });
    expect(mail?.subject).to.equal('Latchkey: A new device signed in to your account');
    for (const part of ['Chrome 141', 'Windows', elsewhere, 'change your password', 'Forgot password?']) {
      expect(mail?.text).to.include(part);
    }
    expect(mail?.text).to.match(/\b\d{1,2}:\d\d\s[AP]M UTC/);
  });

  it('says nothing about a device that signed in before, wherever it is and whatever it calls itself', async () => {
    const { person, deviceToken } = await given();
    await login(person, { deviceToken, address: elsewhere, program: chrome });

    expect(await mailed()).to.deep.equal([]);
    expect(await newDeviceJobs()).to.deep.equal([]);
  });

  it('leaves no work behind for a program that keeps no token and stays where it is', async () => {
    const { person } = await given();
    await login(person);

    expect(await newDeviceJobs()).to.deep.equal([]);
    await login(person, { program: chrome });
    expect(await newDeviceJobs()).to.have.length(1);
  });

  it("tells the owner of a token that is made up or somebody else's", async () => {
    const { person } = await given();
    const stranger = await given();
    await login(person, { deviceToken: stranger.deviceToken, address: elsewhere });
    await login(person, { deviceToken: `${stranger.deviceToken}A`, program: chrome });

    expect((await mailed()).map(({ to }) => to)).to.deep.equal([person.email, person.email]);
  });

  it('tells the owner of a program that keeps no token once for each network', async () => {
    const { person } = await given();
    for (const address of [home, '2001:db8:1:2::a', '2001:db8:1:2::b', home]) await login(person, { address });

    const mails = await mailed();

    expect(mails.map(({ text }) => /IP address: (\S+)\./.exec(text)?.[1])).to.deep.equal(['2001:db8:1:2::a']);
  });

  it('still tells after every session has ended, and although the first sign-in was on another server', async () => {
    const person = await register();
    const { access_token: token } = await login(person, {}, other);
    await app.send('post', '/auth/logout', { token });
    await app.context.database.pool('sessions').delete();
    await deliverMails(app);

    await login(person, { address: elsewhere });

    expect(await mailed()).to.have.length(1);
  });

  it('tells the owner of all but one of several simultaneous first sign-ins', async () => {
    const person = await register();
    const addresses = ['192.0.2.11', '192.0.2.12', '192.0.2.13'];
    await Promise.all(addresses.map((address, index) => login(person, { address }, index % 2 ? other : app)));

    expect(await mailed()).to.have.length(2);
  });

  it('tells the owner even if whoever signed in has deleted the account since', async () => {
    const { person } = await given();
    const { access_token: token } = await login(person, { address: elsewhere });

    expect((await app.send('delete', '/auth/me', { token })).status).to.equal(204);

    expect((await mailed()).map(({ to }) => to)).to.deep.equal([person.email]);
  });

  it('says nothing about failed attempts', async () => {
    const { person } = await given();
    const wrong = { email: person.email, password: 'amber compass 12' };
    await app.send('post', '/auth/login', { json: wrong, headers: { 'X-Forwarded-For': elsewhere } });

    expect(await mailed()).to.deep.equal([]);
  });
});
