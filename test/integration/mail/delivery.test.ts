/** Mails on their way to a mail server that takes, puts off, refuses, or says nothing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../../src/platform/config/config.ts';
import type { JobModel } from '../../../src/platform/jobs/job.model.ts';
import type { JobHandler } from '../../../src/platform/jobs/job.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { createMailJobs, type Mail } from '../../../src/platform/mail/mail.ts';
import { testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { useJobWorkers } from '../../support/jobs.ts';
import { freePort } from '../../support/ports.ts';
import {
  makeCertificate,
  startMailServer,
  type Behaviour,
  type Certificate,
  type MailServer,
} from '../../support/smtp.ts';

const program = path.join(import.meta.dirname, '..', '..', 'support', 'mail-process.ts');

describe('mails', function () {
  const database = useDatabase();
  const { queue, ended, outcomes, ...workers } = useJobWorkers(database);
  const start: typeof workers.start = (...args) => workers.start(...args);
  let ends: (() => Promise<unknown>)[] = [];

  afterEach('stop the mail servers and processes', async () => {
    await Promise.all(ends.map((end) => end()));
    ends = [];
  });

  async function mailServer(behaviour: Behaviour = {}, port?: number): Promise<MailServer> {
    const server = await startMailServer(behaviour, port);
    ends.push(() => server.stop());
    return server;
  }

  /** The job `send_test`, which sends one mail to the address of its payload. */
  function jobFor(smtpUrl: string, compose: (to: string) => Mail | undefined = notice): JobHandler {
    const variables = { ...testEnvironment(database.url), SMTP_URL: smtpUrl, MAIL_FROM: 'accounts@service.example' };
    const { config, secrets } = loadConfig(variables);
    const log = createLog(config.log);
    const jobs = createMailJobs({ config, database: database.database, log, smtpUrl: secrets.smtpUrl });
    return jobs.job({ name: 'send_test', compose: async ({ to }) => compose(String(to)) });
  }

  const notice = (to: string): Mail => ({ to, name: 'password_changed', values: { at: '2026-05-03T09:41:00.000Z' } });
  const enqueue = (to: string) => queue.enqueue(database.db, { name: 'send_test', payload: { to } });
  const rowOf = (id: string) => database.db<JobModel>('jobs').where({ id }).first();
  const makeDue = () => database.db('jobs').whereNull('dead_at').update({ run_at: database.db.fn.now() });

  it('arrive as one message in two forms, from the service and marked as automatic', async () => {
    const server = await mailServer();
    start([jobFor(`smtp://127.0.0.1:${server.port}`)]);

    const id = await enqueue('ada@example.com');

    expect(await ended(1)).to.deep.equal(['send_test done']);
    const [mail] = server.received;
    expect(mail).to.include({ sender: 'accounts@service.example', to: 'ada@example.com', secure: false });
    expect(mail?.recipients).to.deep.equal(['ada@example.com']);
    expect(mail?.from).to.equal('Latchkey <accounts@service.example>');
    expect(mail?.subject).to.equal('Latchkey: Your password was changed');
    expect(mail?.headers).to.include({
      'message-id': `<${id}@service.example>`,
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
    });
    expect(mail?.headers['content-type']).to.match(/^multipart\/alternative;/);
    expect(Object.keys(mail?.headers ?? {})).not.to.include.members(['list-unsubscribe']);
    expect(mail?.text).to.include('was changed on May 3, 2026').and.to.not.include('<');
    expect(mail?.html).to.include('was changed on May 3, 2026');
  });

  it('reach addresses with an international domain, quotes and a plus, and only those', async () => {
    const server = await mailServer();
    start([jobFor(`smtp://127.0.0.1:${server.port}`)]);
    // The server shows domains as people write them.
    const taken = { 'ada@xn--zrich-kva.example': 'ada@zürich.example', "o'neil+a@example.com": "o'neil+a@example.com" };
    const hostile = [
      'a,b@example.com',
      'ada@example.com>, <eve@evil.example',
      'ada@example.com\r\nRCPT TO:<eve@evil.example>',
    ];

    for (const address of Object.keys(taken)) await enqueue(address);

    await ended(2);
    expect(server.received.flatMap(({ recipients }) => recipients)).to.have.members(Object.values(taken));
    for (const address of hostile) await enqueue(address);
    await ended(5);
    for (const { recipients } of server.received) {
      expect(recipients).to.have.length(1);
      expect(recipients).not.to.include('eve@evil.example');
    }
  });

  it('that nobody needs any more are not sent', async () => {
    const server = await mailServer();
    start([jobFor(`smtp://127.0.0.1:${server.port}`, () => undefined)]);

    const id = await enqueue('ada@example.com');

    expect(await ended(1)).to.deep.equal(['send_test done']);
    expect(server.received).to.deep.equal([]);
    expect(await rowOf(id)).to.equal(undefined);
  });

  it('are dropped while SMTP_URL is off', async () => {
    start([jobFor('off')]);

    await enqueue('ada@example.com');

    expect(await ended(1)).to.deep.equal(['send_test done']);
  });

  it("that are put off are retried as the same message, and show the server's words until then", async () => {
    let isBusy = true;
    const words = '4.2.1 <ada@example.com> try later';
    const server = await mailServer({ recipient: () => (isBusy ? { code: 450, words } : undefined) });
    start([jobFor(`smtp://127.0.0.1:${server.port}`)]);
    const id = await enqueue('ada@example.com');

    expect(await ended(1)).to.deep.equal(['send_test failed']);
    const row = await rowOf(id);
    expect(row).to.include({ attempts: 1, dead_at: null });
    expect(row?.last_error).to.match(/450 4\.2\.1 <\[e-mail address\]> try later/);
    expect(row!.run_at.getTime()).to.be.greaterThan(Date.now());
    isBusy = false;
    await makeDue();

    expect(await ended(2)).to.deep.equal(['send_test failed', 'send_test done']);
    expect(server.received.map(({ headers }) => headers['message-id'])).to.deep.equal([`<${id}@service.example>`]);
  });

  for (const [what, behaviour, expected] of [
    [
      'recipient',
      { recipient: () => ({ code: 550, words: '5.1.1 no <eve@example.com> here' }) },
      /550 5\.1\.1 no <\[e-mail address\]> here/,
    ],
    ['message', { message: () => ({ code: 554, words: '5.7.1 we call this spam' }) }, /554 5\.7\.1 we call this spam/],
  ] as const) {
    it(`whose ${what} is refused for good are dead at once, with the server's words`, async () => {
      const server = await mailServer(behaviour);
      start([jobFor(`smtp://127.0.0.1:${server.port}`)]);

      const id = await enqueue('eve@example.com');

      expect(await ended(1)).to.deep.equal(['send_test dead']);
      const row = await rowOf(id);
      expect(row).to.include({ attempts: 1 });
      expect(row?.dead_at).to.be.instanceOf(Date);
      expect(row?.last_error).to.match(expected);
    });
  }

  it('are not stalled by a recipient that the server refuses or puts off', async () => {
    const refusals = { 'bad@example.com': 550, 'slow@example.com': 451 } as Record<string, number>;
    const server = await mailServer({
      recipient: (address) => (refusals[address] ? { code: refusals[address], words: 'no' } : undefined),
    });
    const people = Array.from({ length: 20 }, (_, index) => `person-${index}@example.com`);
    for (const to of ['bad@example.com', 'slow@example.com', ...people]) await enqueue(to);

    start([jobFor(`smtp://127.0.0.1:${server.port}`)]);

    await ended(22);
    expect(server.received.flatMap(({ recipients }) => recipients).sort()).to.deep.equal(people.sort());
    expect(
      outcomes()
        .filter((outcome) => outcome !== 'send_test done')
        .sort(),
    ).to.deep.equal(['send_test dead', 'send_test failed']);
  });

  it('wait for a server that is down', async () => {
    const port = await freePort();
    start([jobFor(`smtp://127.0.0.1:${port}`)]);
    const id = await enqueue('ada@example.com');
    expect(await ended(1)).to.deep.equal(['send_test failed']);
    expect((await rowOf(id))?.last_error).to.include('ECONNREFUSED');

    const server = await mailServer({}, port);
    await makeDue();

    expect(await ended(2)).to.deep.equal(['send_test failed', 'send_test done']);
    expect(server.received).to.have.length(1);
  });

  it('to a server that says nothing hold up no other job, and fail after ten seconds', async () => {
    const silent = await silentServer();
    const other: JobHandler = { name: 'other', run: async () => {} };
    start([jobFor(`smtp://127.0.0.1:${silent.port}`), other]);
    const begun = performance.now();
    for (let index = 0; index < 8; index++) await enqueue(`person-${index}@example.com`);
    await eventually('five mails wait for the server', () => silent.sockets.length === 5);

    await queue.enqueue(database.db, { name: 'other', payload: {} });

    await eventually('a job ends', () => outcomes().length > 0);
    expect(outcomes()).to.deep.equal(['other done']);
    await ended(6);
    expect(outcomes().slice(1)).to.deep.equal(Array(5).fill('send_test failed'));
    expect(performance.now() - begun, 'milliseconds').to.be.at.least(9900);
  });

  interface Silent {
    readonly port: number;
    readonly sockets: readonly Socket[];
  }

  async function silentServer(): Promise<Silent> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return { port: (server.address() as AddressInfo).port, sockets };
  }

  it('survive a process that is killed after the server took one, which then arrives again as the same message', async () => {
    const children: ChildProcess[] = [];
    const seen: string[] = [];
    const server = await mailServer({
      // The server has the whole message, and the process dies before it hears so.
      async message({ headers }) {
        seen.push(headers['message-id'] ?? '');
        if (seen.length > 1) return undefined;
        children[0]?.kill('SIGKILL');
        await once(children[0]!, 'exit');
        return undefined;
      },
    });
    const id = await enqueue('ada@example.com');
    const sender = () => {
      const env = {
        ...testEnvironment(database.url),
        PATH: process.env['PATH'],
        SMTP_URL: `smtp://127.0.0.1:${server.port}`,
        MAIL_FROM: 'accounts@service.example',
      };
      const args = ['--import', import.meta.resolve('tsx'), program];
      const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
      ends.push(async () => {
        if (started.exitCode === null && started.signalCode === null && started.kill('SIGKILL'))
          await once(started, 'exit');
      });
      return started;
    };
    children.push(sender());
    await eventually('the first one is killed', () => children[0]?.signalCode === 'SIGKILL');
    expect(await rowOf(id)).to.include({ attempts: 1, dead_at: null });

    sender();

    await eventually('the job is done', async () => (await rowOf(id)) === undefined);
    expect(seen).to.deep.equal([`<${id}@service.example>`, `<${id}@service.example>`]);
  });

  describe('over TLS', () => {
    let certificate: Certificate | undefined;
    const login = { user: 'accounts', password: 'p@ss:w/ord' };
    // On this machine, but not by a loopback address as far as Latchkey knows.
    const elsewhere = '0.0.0.0';

    before('make a certificate', async function () {
      certificate = await makeCertificate();
      if (certificate) return;
      process.stdout.write('  no openssl on the PATH: skipped mails over TLS\n');
      this.skip();
    });
    after(() => certificate?.remove());

    const withTls = (more: Behaviour['options'] = {}): Behaviour => ({
      login,
      options: { cert: certificate!.cert, key: certificate!.key, ...more },
    });
    const credentials = `${login.user}:${encodeURIComponent(login.password)}`;

    it('are sent after STARTTLS and with the password of SMTP_URL', async () => {
      const server = await mailServer(withTls());
      start([jobFor(`smtp://${credentials}@localhost:${server.port}`)]);

      await enqueue('ada@example.com');

      expect(await ended(1)).to.deep.equal(['send_test done']);
      expect(server.received[0]).to.include({ secure: true, user: 'accounts' });
    });

    it('are retried, not dead, while the password is wrong, which is told to nobody', async () => {
      const server = await mailServer(withTls());
      start([jobFor(`smtp://accounts:hunter2@localhost:${server.port}`)]);

      const id = await enqueue('ada@example.com');

      expect(await ended(1)).to.deep.equal(['send_test failed']);
      const error = (await rowOf(id))?.last_error;
      expect(error).to.include('535 5.7.8').and.to.not.include('hunter2');
      expect(server.received).to.deep.equal([]);
    });

    it('are not sent to a server without STARTTLS, unless the URL allows it', async () => {
      const server = await mailServer();
      start([jobFor(`smtp://${elsewhere}:${server.port}`)]);
      await enqueue('ada@example.com');
      expect(await ended(1)).to.deep.equal(['send_test failed']);
      expect(server.received).to.deep.equal([]);

      const allowed = jobFor(`smtp://${elsewhere}:${server.port}?tls=optional`);
      await allowed.run({ to: 'ada@example.com' }, aRun());

      expect(server.received).to.have.length(1);
    });

    for (const [protocol, secure] of [
      ['smtp', false],
      ['smtps', true],
    ] as const) {
      it(`are not sent to a server with a certificate that nobody trusts, by ${protocol}`, async () => {
        const server = await mailServer(withTls({ secure }));
        start([jobFor(`${protocol}://${credentials}@${elsewhere}:${server.port}`)]);

        const id = await enqueue('ada@example.com');

        expect(await ended(1)).to.deep.equal(['send_test failed']);
        expect((await rowOf(id))?.last_error).to.match(/self-signed certificate/);
        expect(server.received).to.deep.equal([]);
      });
    }
  });

  function aRun(): Parameters<JobHandler['run']>[1] {
    const signal = new AbortController().signal;
    return { jobId: '0190a0a0-0000-7000-8000-000000000000', attempt: 1, signal, complete: async () => {} };
  }
});
