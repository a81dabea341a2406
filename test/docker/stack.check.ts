/** `npm run test:stack`: brings the compose file up and uses it as clients, operators and accidents do. It needs a container engine. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request, Agent } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { buildImage, docker, engineAnswers } from '../support/containers.ts';
import { eventually } from '../support/eventually.ts';
import { commandWith } from '../support/readme-blocks.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

const run = promisify(execFile);
const project = `latchkey-check-${process.pid}`;
const image = process.env['TEST_IMAGE'] ?? 'latchkey:check';
const person = { email: 'ada@example.com', password: 'correct horse battery staple', full_name: 'Ada Lovelace' };

describe('the stack', () => {
  let program: string[] | undefined;
  let agent: Agent | undefined;
  let port: number;
  let httpPort: number;
  let copy = ''; // of docker/, so that secrets and variables of a stack in use are left alone

  const compose = async (...args: string[]): Promise<string> => {
    const [command = '', ...first] = program ?? [];
    return (await run(command, [...first, ...args], { cwd: copy, maxBuffer: 64 * 1024 * 1024 })).stdout;
  };
  const containersOf = async (service: string): Promise<string[]> =>
    (await compose('ps', '-q', service)).split('\n').filter(Boolean);
  const inspect = async (container: string, format: string) => docker('inspect', '--format', format, container);

  before(async function () {
    const found = await findCompose();
    if (!found) {
      process.stdout.write('skipped: the stack, since no container engine with compose answers\n');
      return this.skip();
    }
    program = found;
    const [http, https, grafana] = await freePorts(3);
    port = https!;
    httpPort = http!;
    if (process.env['TEST_IMAGE'] === undefined) await buildImage(image);
    copy = path.join(await mkdtemp(path.join(tmpdir(), 'latchkey-stack-')), 'docker');
    await cp('docker', copy, { recursive: true, filter: (source) => !/secrets$|\.env$/.test(source) });
    await run('sh', [path.join(copy, 'make-secrets.sh')]);
    const variables = {
      COMPOSE_PROJECT_NAME: project,
      LATCHKEY_IMAGE: image,
      HTTP_PORT: http,
      HTTPS_PORT: https,
      GRAFANA_PORT: grafana,
      EDGE_SUBNET_V6: `fd6c:6174:${(process.pid % 0xffff).toString(16)}::/64`,
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(path.join(copy, '.env'), lines.join(''));
    agent = new Agent({ keepAlive: true, ca: await readFile(path.join(copy, 'secrets', 'tls_certificate')) });
    const services = ['proxy', 'prometheus'];
    if (await canHave('grafana')) services.push('grafana');
    else process.stdout.write('without Grafana, since its image cannot be had here\n');
    await compose('up', '-d', ...services);
  });

  after(async () => {
    agent?.destroy();
    if (program) await compose('down', '--volumes');
    await rm(path.dirname(copy), { recursive: true, force: true });
  });

  const send = async (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = request({ host: 'localhost', port, path, method, agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const logged = async (id: string) => {
    const line = await eventually('the request is in the log', async () => {
      const logs = await Promise.all((await containersOf('api')).map((replica) => docker('logs', replica)));
      return logs
        .join('\n')
        .split('\n')
        .find((text) => text.includes(id));
    });
    return JSON.parse(line) as { client_ip: string };
  };
  // It ends with status 1 where something failed.
  const doctor = () =>
    compose('run', '--rm', '-T', 'api', 'doctor', '--json').catch(
      (error: unknown) => (error as { stdout: string }).stdout,
    );
  /** Runs commands of docker/README.md as they stand there; Compose 1 waits for nothing, so it is waited for here. */
  const runCommands = async (commands: string) => {
    const compose = program!.join(' ');
    const starting = `command docker ps --filter label=com.docker.compose.project=${project} --filter label=com.docker.compose.service=api --format '{{.Status}}'`;
    const script = `
      docker() {
        if [ "$1" != compose ]; then command docker "$@"; return; fi
        shift
        case " $* " in *" --wait "*) wait=1 ;; *) wait= ;; esac
        for word; do shift; [ "$word" = --wait ] || set -- "$@" "$word"; done
        command ${compose} "$@" || return
        [ -z "$wait" ] || while ${starting} | grep -Eq 'starting|unhealthy'; do sleep 1; done
      }
      set -e
      ${commands}`;
    return (await run('sh', ['-c', script], { cwd: copy, maxBuffer: 64 * 1024 * 1024 })).stdout;
  };
  /** The statuses that clients see while something happens. */
  const statusesDuring = async (happening: () => Promise<unknown>) => {
    const statuses = new Set<number>();
    let going = true;
    const clients = Array.from({ length: 4 }, async () => {
      while (going) statuses.add((await send('GET', '/api/v1/health')).status);
    });
    await happening().finally(() => (going = false));
    await Promise.all(clients);
    return [...statuses];
  };
  const json = { 'Content-Type': 'application/json' };

  it('migrates once, then serves from two healthy replicas', async () => {
    const [migrate] = await containersOf('migrate');
    expect(await inspect(migrate!, '{{.State.ExitCode}}')).to.equal('0');
    const replicas = await containersOf('api');
    expect(replicas).to.have.length(2);
    for (const replica of replicas) expect(await inspect(replica, '{{.State.Health.Status}}')).to.equal('healthy');
  });

  it('gives the service a role that owns its database, and may do nothing else', async () => {
    const [database] = await containersOf('database');
    const ask = `select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,
      (select pg_get_userbyid(datdba) from pg_database where datname = 'latchkey') from pg_roles where rolname = 'latchkey'`;
    expect(await docker('exec', database!, 'psql', '-U', 'postgres', '-At', '-c', ask)).to.equal('f|latchkey');
  });

  it('gives doctor nothing to warn of that the stack causes, however often it is asked', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const { checks } = JSON.parse(await doctor()) as { checks: { check: string; result: string; reason: string }[] };
      const troubles = checks.filter(({ result }) => result !== 'ok').map(({ check, reason }) => `${check}: ${reason}`);
      // Of a trial: nobody administers it yet, and nobody else can reach https://localhost.
      const ofTrial = /^administrator:|https:\/\/localhost/;
      expect(troubles.filter((trouble) => !ofTrial.test(trouble))).to.deep.equal([]);
    }
  });

  it('reads the password of the role from its file again, whenever it is told to', async () => {
    await compose('run', '--rm', 'role');
    expect((await send('GET', '/api/v1/health/ready')).status).to.equal(200);
  });

  it('lets a person register and sign in through TLS, which browsers are told to stay with', async () => {
    const registered = await send('POST', '/api/v1/auth/register', json, person);
    expect(registered.status).to.equal(201);
    expect(registered.headers['strict-transport-security']).to.equal('max-age=31536000; includeSubDomains');
    const { email, password } = person;
    expect((await send('POST', '/api/v1/auth/login', json, { email, password })).status).to.equal(200);
  });

  it('is backed up, and restored beside the old database, by the commands of docker/README.md', async () => {
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

  it('starts two workers of the proxy, however many cores the host has', async () => {
    const [edge] = await containersOf('proxy');
    const processes = await docker('top', edge!, '-eo', 'pid,args');
    expect(processes.match(/nginx: worker process/g)).to.have.length(2);
  });

  it('listens by IPv6 too, and has an address of it', async function () {
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
      const ca = agent!.options.ca;
      request({ ...options, headers, ca }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
    expect(status).to.equal(401);
    expect((await logged(id)).client_ip).to.match(/^fd6c:6174:/);
  });

  it('leads from http to https', async () => {
    const answer = await fetch(`http://localhost:${httpPort}/docs?a=b`, { redirect: 'manual' });
    expect(answer.status).to.equal(308);
    expect(answer.headers.get('Location')).to.equal('https://localhost/docs?a=b');
  });

  it('does not believe what a client says of its address', async () => {
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

  it('answers a body that is too large for the edge with a problem document', async () => {
    const answer = await send('POST', '/api/v1/auth/login', json, { email: 'a'.repeat(2_000_000), password: 'p' });
    expect(answer.status).to.equal(413);
    expect(answer.headers['content-type']).to.equal('application/problem+json');
    expect(JSON.parse(answer.body)).to.include({ status: 413, code: 'content_too_large' });
  });

  it('signs nobody out while its signing secret is changed as docker/README.md says, and fails no request', async () => {
    const { email, password } = person;
    const { body } = await send('POST', '/api/v1/auth/login', json, { email, password });
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const ask = async () => (await send('GET', '/api/v1/auth/me', { Authorization: `Bearer ${token}` })).status;
    const secrets = async () =>
      (await readFile(path.join(copy, 'secrets', 'jwt_secrets'), 'utf8')).split(/[,\n]/).filter(Boolean);
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

  it('is upgraded as docker/README.md says, and fails no request', async () => {
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

  it('has a Prometheus that accepts its rules, scrapes both replicas and understands every question of the dashboard', async () => {
    const [prometheus] = await containersOf('prometheus');
    const promtool = async (...args: string[]) => docker('exec', prometheus!, 'promtool', ...args);
    expect(await promtool('check', 'config', '/etc/prometheus/prometheus.yml')).to.contain('rules found');
    const ask = async (expression: string) => promtool('query', 'instant', 'http://127.0.0.1:9090', expression);
    const bothScraped = async () => (await ask('sum(up{job="latchkey"})')).includes('=> 2 @');
    await eventually('both replicas are scraped', bothScraped, 60_000);
    for (const expression of await expressions()) await ask(expression);
  });

  it('fails no request when a replica is killed, and says that it is away when all are', async () => {
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
    const answer = await eventually('nothing answers', async () => {
      const tried = await send('GET', '/api/v1/health');
      return tried.status === 200 ? undefined : tried;
    });
    expect(answer.status).to.equal(503);
    expect(answer.headers).to.include({ 'content-type': 'application/problem+json', 'retry-after': '5' });
    expect(JSON.parse(answer.body)).to.include({ code: 'service_unavailable' });
  });
});

async function findCompose(): Promise<string[] | undefined> {
  if (!(await engineAnswers())) return undefined;
  for (const [command = '', ...args] of [['docker', 'compose'], ['docker-compose']]) {
    const runs = await run(command, [...args, 'version']).catch(() => undefined);
    if (runs) return [command, ...args];
  }
  return undefined;
}

async function canHave(service: string): Promise<boolean> {
  const { services } = parse(await readFile('docker/compose.yaml', 'utf8'), { merge: true }) as {
    services: Record<string, { image: string }>;
  };
  const name = services[service]!.image;
  for (const command of [['image', 'inspect'], ['pull']]) {
    const found = await docker(...command, name).catch(() => undefined);
    if (found !== undefined) return true;
  }
  return false;
}

/** What the alerts and the dashboard ask, with Grafana's interval filled in. */
async function expressions(): Promise<string[]> {
  const { groups } = parse(await readFile('docker/kubernetes/monitoring/alerts.yml', 'utf8')) as {
    groups: { rules: { expr: string }[] }[];
  };
  const { panels } = JSON.parse(await readFile('docker/kubernetes/monitoring/dashboard.json', 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const all = [...groups.flatMap(({ rules }) => rules), ...panels.flatMap(({ targets }) => targets ?? [])];
  return all.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  return ports;
}
