/** The stack of the compose file, as clients and operators reach it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, appendFile } from 'node:fs/promises';
import { request, Agent } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { buildImage, docker, engineAnswers } from '../support/containers.ts';
import { eventually } from '../support/eventually.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

const run = promisify(execFile);
export const project = `latchkey-check-${process.pid}`;
export const image = process.env['TEST_IMAGE'] ?? 'latchkey:check';

export interface Stack {
  /** The proxy's http port, which redirects to https. */
  readonly httpPort: number;
  /** Its port for TLS. */
  readonly httpsPort: number;
  /** The CA certificate that its TLS certificate is checked against. */
  readonly authority: Buffer;
  readonly compose: (...args: string[]) => Promise<string>;
  readonly containersOf: (service: string) => Promise<string[]>;
  readonly inspect: (container: string, format: string) => Promise<string>;
  readonly secret: (name: string) => Promise<string>;
  /** Sends a request over TLS. */
  readonly send: (method: string, path: string, headers?: Record<string, string>, body?: unknown) => Promise<Answer>;
  /** The log line of a request. */
  readonly logged: (id: string) => Promise<{ readonly client_ip: string }>;
  /** The output of `doctor --json`. */
  readonly doctor: () => Promise<string>;
  /** Runs commands from docker/README.md as written. */
  readonly runCommands: (commands: string) => Promise<string>;
  /** The statuses that clients see while `action` runs. */
  readonly statusesDuring: (action: () => Promise<unknown>) => Promise<number[]>;
}

/** Starts the stack once for the suite; without a container engine, skips the suite with a message. */
export function useStack(): Stack {
  let program: string[] | undefined;
  let agent: Agent | undefined;
  let authority: Buffer;
  let port: number;
  let httpPort: number;
  let copy = ''; // of docker/, so that a stack in use keeps its secrets and variables

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
      process.stdout.write('no container engine with compose answers: skipped the stack\n');
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
    await appendFile(path.join(copy, '.env'), lines.join(''));
    authority = await readFile(path.join(copy, 'secrets', 'tls_certificate'));
    agent = new Agent({ keepAlive: true, ca: authority });
    const services = ['proxy', 'prometheus'];
    if (await canPull('grafana')) services.push('grafana');
    else process.stdout.write("Grafana's image can't be pulled here: running without it\n");
    await compose('up', '-d', ...services);
  });

  after(async () => {
    agent?.destroy();
    if (copy === '') return;
    await compose('down', '--volumes');
    await rm(path.dirname(copy), { recursive: true, force: true });
  });

  const send: Stack['send'] = async (method, path, headers = {}, body) =>
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
  // It exits with 1 if a check fails.
  const doctor = () =>
    compose('run', '--rm', '-T', 'api', 'doctor', '--json').catch(
      (error: unknown) => (error as { stdout: string }).stdout,
    );
  // Compose 1 has no `--wait`, so this waits instead.
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
  const statusesDuring = async (action: () => Promise<unknown>) => {
    const statuses = new Set<number>();
    let going = true;
    const clients = Array.from({ length: 4 }, async () => {
      while (going) statuses.add((await send('GET', '/api/v1/health')).status);
    });
    await action().finally(() => (going = false));
    await Promise.all(clients);
    return [...statuses];
  };

  return {
    get httpPort() {
      return httpPort;
    },
    get httpsPort() {
      return port;
    },
    get authority() {
      return authority;
    },
    compose,
    containersOf,
    inspect,
    secret: (name) => readFile(path.join(copy, 'secrets', name), 'utf8'),
    send,
    logged,
    doctor,
    runCommands,
    statusesDuring,
  };
}

async function findCompose(): Promise<string[] | undefined> {
  if (!(await engineAnswers())) return undefined;
  for (const [command = '', ...args] of [['docker', 'compose'], ['docker-compose']]) {
    const runs = await run(command, [...args, 'version']).catch(() => undefined);
    if (runs) return [command, ...args];
  }
  return undefined;
}

async function canPull(service: string): Promise<boolean> {
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
