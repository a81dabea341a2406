/** What three instances share besides sessions: limits, which Redis counts, jobs, and the keys that sign. */
import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSigningKeys, type PublicJwk } from '../../../src/platform/signing-keys.ts';
import { testEnvironment } from '../../support/app.ts';
import { useCluster, type Instance } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { runCommand } from '../../support/process.ts';
import { useRedis } from '../../support/redis.ts';
import { startMailServer, type MailServer } from '../../support/smtp.ts';
import { startSteadySessions } from '../../support/steady-sessions.ts';

const instances = 3;
const credentials = 12;
const jobsAtOnce = 5; // of each instance

describe('three instances with one database and one Redis', function () {
  this.timeout(300_000);
  const redis = useRedis();
  let directory = '';
  let keysFile: string;
  let mails: MailServer | undefined;
  let openMails = () => {};
  let heldMails = 0;
  let mailsOpen = Promise.resolve();
  let last = 0;

  before('create a signing key, and start a mail server that can be held', async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-instances-'));
    keysFile = path.join(directory, 'keys.pem');
    await keys('generate', '--now');
    mails = await startMailServer({
      options: {
        onMailFrom(_address, _session, callback) {
          heldMails++;
          void mailsOpen.then(() => callback());
        },
      },
    });
  });
  const cluster = useCluster({
    instances,
    synchronous: true,
    variables: () => ({
      REDIS_URL: redis.url,
      RATE_LIMIT_STANDARD: '100000/600s',
      RATE_LIMIT_CREDENTIALS: `${credentials}/600s`,
      SMTP_URL: `smtp://127.0.0.1:${mails!.port}`,
      MAIL_FROM: 'accounts@example.com',
      JWT_SIGNING_KEYS_FILE: keysFile,
      SHUTDOWN_DELAY_SECONDS: '1',
    }),
  });
  after(async () => {
    await mails?.stop();
    if (directory !== '') await rm(directory, { recursive: true });
  });

  const keys = (...args: string[]) =>
    runCommand(['keys', ...args], { ...testEnvironment('postgres://none'), JWT_SIGNING_KEYS_FILE: keysFile });
  const newAddress = () => `203.0.113.${(last += 1)}`;
  const post = async (operation: string, body: object, address = newAddress()): Promise<number> => {
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': address };
    const url = `${cluster.proxy.origin}/api/v1/auth/${operation}`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.text();
    return answer.status;
  };
  /** How many of a client's logins, each at another account, are let through. */
  const admitted = async (logins: number): Promise<number> => {
    const address = newAddress();
    const login = () => {
      const { email, password } = newPerson();
      return post('login', { email, password }, address);
    };
    const statuses: number[] = [];
    while (statuses.length < logins) statuses.push(...(await Promise.all(Array.from({ length: instances }, login))));
    expect(new Set([...statuses, 401, 429])).to.deep.equal(new Set([401, 429]));
    return statuses.filter((status) => status === 401).length;
  };
  const logged = (message: string) => cluster.instances.map((instance) => instance.timesLogged(message));
  /** Does something, and waits until every instance has logged what it thinks of it. */
  const untilAllLog = async (message: string, act: () => Promise<void>) => {
    const before = logged(message);
    await act();
    await eventually(message, () => logged(message).every((times, index) => times > before[index]!));
  };

  it('count limits together, and without Redis each on its own, failing no request', async () => {
    const [shared, alone] = [
      'Redis answers: all servers count limits together',
      'Redis is unavailable: each server counts limits on its own until it is back',
    ];
    const missed = () => logged(alone).join();
    // On a busy machine Redis may be missed meanwhile.
    const admittedTogether = () =>
      eventually('limits stay shared', async () => {
        const before = missed();
        const count = await admitted(3 * credentials);
        return missed() === before && count;
      });
    await eventually('all know Redis', () => logged(shared).every((times) => times > 0));
    const load = startSteadySessions(cluster.proxy.origin, { people: 3, refreshEveryMs: 300 });
    expect(await admittedTogether()).to.equal(credentials);

    await untilAllLog(alone, () => redis.stop());
    expect(await admitted(8 * credentials)).to.equal(instances * credentials);

    await untilAllLog(shared, () => redis.start());
    expect(await admittedTogether()).to.equal(credentials);
    expect(Math.min(...load.refreshed())).to.be.greaterThan(0);
    expect(await load.stop()).to.deep.equal([]);
  });

  it('send each mail once, and those of a killed instance from another', async () => {
    const people = Array.from({ length: instances * jobsAtOnce }, () => newPerson());
    const all = (operation: string, bodies: object[]) => Promise.all(bodies.map((body) => post(operation, body)));
    const registrations = people.map((person) => registration(person));
    expect(new Set(await all('register', registrations))).to.deep.equal(new Set([201]));
    const inQueue = async (name: string) => (await cluster.ask(`select id from jobs where name like '${name}'`)).length;
    await eventually('no other mail is on its way', async () => (await inQueue('send_%')) === 0);
    const begun = mails!.received.length;
    heldMails = 0;
    mailsOpen = new Promise((resolve) => (openMails = resolve));
    const addresses = people.map(({ email }) => ({ email }));
    expect(new Set(await all('password/forgot', addresses))).to.deep.equal(new Set([202]));
    await eventually('all are being sent', () => heldMails === people.length);

    const [victim] = cluster.instances;
    await victim!.stop('SIGKILL');
    openMails();

    const sent = () =>
      mails!.received
        .slice(begun)
        .map(({ recipients }) => recipients.join())
        .sort();
    await eventually('the others have sent theirs', async () => (await inQueue('send_%')) === jobsAtOnce);
    expect(sent()).to.have.length((instances - 1) * jobsAtOnce);
    await cluster.ask(`update jobs set run_at = now() where name = 'send_password_reset'`); // its leases have expired
    await eventually('all are sent', async () => (await inQueue('send_%')) === 0);
    expect(sent()).to.deep.equal(people.map(({ email }) => email).sort());
    await victim!.start();
  });

  it('take the next signing key, one before the others, failing no request', async () => {
    const load = startSteadySessions(cluster.proxy.origin, { people: 3, refreshEveryMs: 1000 });
    const list = async () => parseSigningKeys(await readFile(keysFile, 'utf8'));
    const [old] = await list();
    await eventually('the first key signs', () => load.kids.has(old!.id));
    const published = async (origin: string) =>
      ((await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as { keys: PublicJwk[] }).keys;
    const restart = (some: readonly Instance[]) =>
      Promise.all(some.map((instance) => instance.stop('SIGTERM').then(() => instance.start())));
    const turns = [cluster.instances.slice(0, 1), cluster.instances.slice(1)];

    await keys('rotate', '--starts-in', '1h');
    for (const some of turns) await restart(some);
    const next = (await list()).at(-1)!;
    for (const { origin } of cluster.instances) {
      expect((await published(origin)).map(({ kid }) => kid)).to.deep.equal([old!.id, next.id]);
    }
    load.verifyWith(await published(cluster.proxy.origin));
    expect([...load.kids]).to.deep.equal([old!.id]);

    const file = await readFile(keysFile, 'utf8');
    await writeFile(keysFile, file.replace(/(.*Signs from:) \S+/s, `$1 ${new Date().toISOString()}`));
    for (const some of turns) await restart(some);
    await eventually('the new key signs', () => load.kids.has(next.id));

    const answered = load.answered();
    await eventually('clients go on', () => load.answered() > answered + 20);
    expect(await load.stop()).to.deep.equal([]);
  });
});
