/** `npm run test:stack`: starts the compose file, uses it like clients and operators, and breaks it. Needs a container engine. */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type SecureVersion } from 'node:tls';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { docker } from '../support/containers.ts';
import { eventually } from '../support/eventually.ts';
import { commandWith } from '../support/readme-blocks.ts';
import { image, project, useStack } from './stack.ts';

const run = promisify(execFile);
const person = { email: 'ada@example.com', password: 'correct horse battery staple', full_name: 'Ada Lovelace' };
const json = { 'Content-Type': 'application/json' };

describe('the stack', () => {
  const stack = useStack();
  const { compose, containersOf, inspect, secret, send, logged, doctor, runCommands, statusesDuring } = stack;

  it('migrates once, then serves from two healthy replicas', async () => {
    const [migrate] = await containersOf('migrate');
    expect(await inspect(migrate!, '{{.State.ExitCode}}')).to.equal('0');
    const replicas = await containersOf('api');
    expect(replicas).to.have.length(2);
    for (const replica of replicas) expect(await inspect(replica, '{{.State.Health.Status}}')).to.equal('healthy');
  });

  it('gives the service a role that owns its database and can do nothing else', async () => {
    const [database] = await containersOf('database');
    const ask = `select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,
      (select pg_get_userbyid(datdba) from pg_database where datname = 'latchkey') from pg_roles where rolname = 'latchkey'`;
    expect(await docker('exec', database!, 'psql', '-U', 'postgres', '-At', '-c', ask)).to.equal('f|latchkey');
  });

  it('gives doctor nothing to warn about, however often it runs', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const { checks } = JSON.parse(await doctor()) as { checks: { check: string; result: string; reason: string }[] };
      const findings = checks.filter(({ result }) => result !== 'ok').map(({ check, reason }) => `${check}: ${reason}`);
      // Until the operator says otherwise: no administrator, none who needs a second factor, no mail server, only localhost.
      const expected = /^administrator:|^second factor:|^mail: SMTP_URL is off|https:\/\/localhost/;
      expect(findings.filter((finding) => !expected.test(finding))).to.deep.equal([]);
    }
  });

  it("rereads the role's password from its file on request", async () => {
    await compose('run', '--rm', 'role');
    expect((await send('GET', '/api/v1/health/ready')).status).to.equal(200);
  });

  it('lets a person register and sign in over TLS, and sends HSTS', async () => {
    const registered = await send('POST', '/api/v1/auth/register', json, person);
    expect(registered.status).to.equal(201);
    expect(registered.headers['strict-transport-security']).to.equal('max-age=31536000; includeSubDomains');
    const { email, password } = person;
    expect((await send('POST', '/api/v1/auth/login', json, { email, password })).status).to.equal(200);
  });

  it('can be backed up, and restored beside the old database, with the commands in docker/README.md', async () => {
    const inDatabase = async (input: string, ...args: string[]) => {
      const [database] = await containersOf('database');
      return (await run('sh', ['-c', `docker exec -i "$0" "$@" ${input}`, database!, ...args])).stdout;
    };
    const dump = path.join(tmpdir(), `${project}.dump`);
    try {
      await runCommands((await commandWith('docker/README.md', '> latchkey.dump')).replace('latchkey.dump', dump));
      await inDatabase('', 'psql', '-U', 'postgres', '-c', 'create database latchkey_restored owner latchkey');
      const restore = ['pg_restore', '-U', 'latchkey', '--exit-on-error', '--single-transaction', '--no-owner'];
      await inDatabase(`< ${dump}`, ...restore, '--dbname=latchkey_restored');
    } finally {
      await rm(dump, { force: true });
    }
    const emails = ['psql', '-U', 'latchkey', '-At', '-c', 'select email from users', 'latchkey_restored'];
    expect(await inDatabase('', ...emails)).to.equal(`${person.email}\n`);
  });

  it('starts two proxy workers, however many cores the host has', async () => {
    const [edge] = await containersOf('proxy');
    const processes = await docker('top', edge!, '-eo', 'pid,args');
    expect(processes.match(/nginx: worker process/g)).to.have.length(2);
  });

  it("listens on IPv6 too, and sees the client's IPv6 address", async function () {
    const [edge] = await containersOf('proxy');
    const addresses = await inspect(edge!, '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}} {{end}}');
    const address = addresses.split(' ').find(Boolean);
    expect(address).to.match(/^fd6c:6174:/);
    const id = `by-ipv6-${process.pid}`;
    const status = await new Promise<number>((resolve, reject) => {
      const options = {
        host: address,
        port: 8443,
        path: '/api/v1/auth/me',
        servername: 'localhost',
        agent: false as const,
      };
      const headers = { Host: 'localhost', 'X-Request-Id': id };
      request({ ...options, headers, ca: stack.authority }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
    expect(status).to.equal(401);
    expect((await logged(id)).client_ip).to.match(/^fd6c:6174:/);
  });

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const outcome = (version: SecureVersion) =>
      new Promise<string>((resolve) => {
        // At security level 0, so that it is the proxy that refuses, not this client.
        const versions = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
        const socket = connect({ host: 'localhost', port: stack.httpsPort, ca: stack.authority, ...versions }, () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      });

    expect([await outcome('TLSv1.2'), await outcome('TLSv1.3')]).to.deep.equal(['TLSv1.2', 'TLSv1.3']);
    for (const old of ['TLSv1', 'TLSv1.1'] as const) expect(await outcome(old)).to.match(/ALERT_PROTOCOL_VERSION/);
  });

  it('redirects from http to https', async () => {
    const answer = await fetch(`http://localhost:${stack.httpPort}/docs?a=b`, { redirect: 'manual' });
    expect(answer.status).to.equal(308);
    expect(answer.headers.get('Location')).to.equal('https://localhost/docs?a=b');
  });

  it('refuses the API over http, without a redirect', async () => {
    const answer = await fetch(`http://localhost:${stack.httpPort}/api/v1/auth/me`, { redirect: 'manual' });
    expect(answer.status).to.equal(403);
    expect(answer.headers.get('Location')).to.equal(null);
    expect(await answer.json()).to.include({ status: 403, code: 'forbidden' });
  });

  it("doesn't believe a client's forwarding headers", async () => {
    const id = `forged-${process.pid}`;
    await send('GET', '/api/v1/auth/me', {
      'X-Request-Id': id,
      'X-Forwarded-For': '6.6.6.6',
      Forwarded: 'for=6.6.6.6',
    });
    const { client_ip: address } = await logged(id);
    expect(address).not.to.equal('6.6.6.6');
    expect(address).to.match(/^(\d+\.){3}\d+$/);
  });

  it('answers a body that is too large for the proxy with a problem document', async () => {
    const answer = await send('POST', '/api/v1/auth/login', json, { email: 'a'.repeat(2_000_000), password: 'p' });
    expect(answer.status).to.equal(413);
    expect(answer.headers['content-type']).to.equal('application/problem+json');
    expect(JSON.parse(answer.body)).to.include({ status: 413, code: 'content_too_large' });
  });

  it('rotates the signing secret as docker/README.md says, without signing anybody out or failing a request', async () => {
    const { email, password } = person;
    const { body } = await send('POST', '/api/v1/auth/login', json, { email, password });
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const ask = async () => (await send('GET', '/api/v1/auth/me', { Authorization: `Bearer ${token}` })).status;
    const secrets = async () => (await secret('jwt_secrets')).split(/[,\n]/).filter(Boolean);
    const [begin = '', ...steps] = (await commandWith('docker/README.md', 'replace()')).split(/^(?=# \d)/m);
    const [before] = await secrets();

    const statuses = await statusesDuring(() => runCommands([begin, steps[0], steps[1]].join('')));

    expect(statuses).to.deep.equal([200]);
    const [first, second] = await secrets();
    expect(first).not.to.equal(before);
    expect(second).to.equal(before);
    expect(await ask()).to.equal(200);
    await runCommands([begin, steps[2]].join(''));
    expect(await secrets()).to.deep.equal([first]);
    expect(await ask()).to.equal(401);
  });

  it('upgrades as docker/README.md says, without failing a request', async () => {
    await docker('tag', image, 'latchkey:check-next');
    const old = await containersOf('api');
    const upgrade = (await commandWith('docker/README.md', 'old=$(')).replace('VERSION', 'check-next');

    const statuses = await statusesDuring(() => runCommands(upgrade));

    expect(statuses).to.deep.equal([200]);
    const replicas = await containersOf('api');
    expect(replicas).to.have.length(2);
    expect(replicas.filter((replica) => old.includes(replica))).to.deep.equal([]);
    for (const replica of replicas) expect(await inspect(replica, '{{.Config.Image}}')).to.equal('latchkey:check-next');
  });

  it('has a Prometheus that accepts the rules, scrapes both replicas and can run every query of the dashboard', async () => {
    const [prometheus] = await containersOf('prometheus');
    const promtool = async (...args: string[]) => docker('exec', prometheus!, 'promtool', ...args);
    expect(await promtool('check', 'config', '/etc/prometheus/prometheus.yml')).to.contain('rules found');
    const ask = async (expression: string) => promtool('query', 'instant', 'http://127.0.0.1:9090', expression);
    const bothScraped = async () => (await ask('sum(up{job="latchkey"})')).includes('=> 2 @');
    await eventually('both replicas are scraped', bothScraped, 60_000);
    for (const expression of await queries()) await ask(expression);
  });

  it('fails no request when one replica is killed, and answers 503 when all are', async () => {
    const [first, second] = await containersOf('api');
    const statuses = new Set<number>();
    let going = true;
    const clients = Array.from({ length: 10 }, async () => {
      while (going) statuses.add((await send('GET', '/api/v1/health')).status);
    });
    await docker('kill', first!);
    await eventually('the replica is gone', async () => (await inspect(first!, '{{.State.Running}}')) === 'false');
    for (let requests = 0; requests < 50; requests += 1) await send('GET', '/api/v1/health');
    going = false;
    await Promise.all(clients);
    expect([...statuses]).to.deep.equal([200]);

    await docker('kill', second!);
    const answer = await eventually('the proxy finds no replica', async () => {
      const tried = await send('GET', '/api/v1/health');
      return tried.status === 200 ? undefined : tried;
    });
    expect(answer.status).to.equal(503);
    expect(answer.headers).to.include({ 'content-type': 'application/problem+json', 'retry-after': '5' });
    expect(JSON.parse(answer.body)).to.include({ code: 'service_unavailable' });
  });
});

/** The queries of alerts and dashboard, with Grafana's interval filled in. */
async function queries(): Promise<string[]> {
  const { groups } = parse(await readFile('docker/kubernetes/monitoring/alerts.yml', 'utf8')) as {
    groups: { rules: { expr: string }[] }[];
  };
  const { panels } = JSON.parse(await readFile('docker/kubernetes/monitoring/dashboard.json', 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const all = [...groups.flatMap(({ rules }) => rules), ...panels.flatMap(({ targets }) => targets ?? [])];
  return all.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
}
