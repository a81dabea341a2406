/** What holds for every service in the compose file. Only reads it; `npm run test:stack` runs it, which needs a container engine. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../src/platform/config/config.ts';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly cpus?: number | string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly networks?: readonly string[];
  readonly user?: string;
  readonly secrets?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly replicas?: number };
}

interface Stack {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { readonly internal?: boolean }>;
  readonly volumes: Record<string, unknown>;
  readonly secrets: Record<string, { readonly file: string }>;
}

/** A value with the defaults of its variables filled in. */
const withDefaults = (value: unknown) => String(value).replace(/\$\{\w+:-(.*?)\}/g, '$1');
const directory = path.resolve('docker');
const text = await readFile(path.join(directory, 'compose.yaml'), 'utf8');
const readme = await readFile('README.md', 'utf8');
const stack = parse(text, { merge: true }) as Stack;
/** The variables in a cell of a table. */
const namesIn = (cell: string) => [...cell.matchAll(/`([A-Z][A-Z_0-9]+)`/g)].map(([, name = '']) => name);
const { api, proxy, migrate } = stack.services as Record<'api' | 'proxy' | 'migrate', Service>;

describe('the compose file', () => {
  for (const [name, service] of Object.entries(stack.services)) {
    describe(name, () => {
      it('has a read-only root and no capabilities, and can gain no privileges', () => {
        expect(service.read_only).to.equal(true);
        expect(service.privileged).to.equal(undefined);
        expect(service.cap_drop).to.deep.equal(['ALL']);
        expect(service.security_opt).to.deep.equal(['no-new-privileges:true']);
      });

      it('has limits on CPU, memory and processes, and needs no more than one core', () => {
        expect(Number(withDefaults(service.cpus))).to.be.within(0.1, 1);
        expect(withDefaults(service.mem_limit)).to.match(/^\d+[mg]$/);
        expect(service.pids_limit).to.be.greaterThan(0);
      });

      it('pins a version of its image', () => {
        expect(service.image).to.match(/^(\$\{LATCHKEY_IMAGE:-latchkey:latest\}|[\w./-]+:v?\d[\w.-]*)$/);
      });

      it('has a health check, unless it runs once and exits', () => {
        const own = name === 'api'; // the image's own check
        expect(own || service.healthcheck?.test !== undefined || service.healthcheck?.disable === true).to.equal(true);
      });

      it('refers only to existing networks, volumes and secrets', () => {
        expect(stack.networks).to.include.keys(service.networks ?? []);
        if (service.secrets) expect(stack.secrets).to.include.keys(service.secrets);
        for (const source of (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')) {
          if (!source.startsWith('.')) expect(stack.volumes).to.include.keys(source);
        }
      });

      it('gets secrets from files, never from variables', () => {
        for (const [variable, value] of Object.entries(service.environment ?? {})) {
          if (
            /PASSWORD|SECRET|_URL/.test(variable) &&
            !/^(PUBLIC|LINKS|PWNED_PASSWORDS)_URL$|^PASSWORD_MIN_LENGTH$/.test(variable)
          ) {
            expect(variable).to.match(/_FILE$/);
            expect(value).to.match(/^\/run\/secrets\//);
          }
        }
      });
    });
  }

  it('publishes only the ports of the proxy, with Grafana on the loopback address only', () => {
    const publishing = Object.entries(stack.services).filter(([, { ports }]) => ports);
    expect(publishing.map(([name]) => name)).to.deep.equal(['proxy']);
    expect(proxy.ports?.filter((port) => port.endsWith(':3000'))).to.deep.equal([
      '127.0.0.1:${GRAFANA_PORT:-3000}:3000',
    ]);
  });

  it('lets only the proxy, and what sends mail, reach the outside', () => {
    const open = Object.keys(stack.networks).filter((name) => stack.networks[name]?.internal !== true);
    expect(open).to.deep.equal(['edge', 'outward']);
    const members = (network: string) =>
      Object.keys(stack.services).filter((name) => stack.services[name]?.networks?.includes(network));
    expect(members('edge')).to.deep.equal(['proxy']);
    expect(members('outward')).to.have.members(['api', 'alertmanager']);
  });

  it('lets only the API and its setup reach the database and Redis', () => {
    const members = Object.keys(stack.services).filter((name) => stack.services[name]?.networks?.includes('data'));
    expect(members).to.have.members(['api', 'migrate', 'role', 'database', 'redis']);
  });

  it('starts in order: database, its role, migration, at least two replicas, proxy', () => {
    expect(stack.services['role']?.depends_on).to.deep.equal({ database: { condition: 'service_healthy' } });
    expect(migrate.depends_on).to.deep.equal({ role: { condition: 'service_completed_successfully' } });
    expect(api.depends_on).to.deep.equal({
      database: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    });
    expect(proxy.depends_on).to.deep.equal({ api: { condition: 'service_healthy' } });
    expect(api.deploy?.replicas).to.be.at.least(2);
  });

  it("lets replicas finish their requests, and stays within the database's connection limit", () => {
    const variable = (name: string) => Number(withDefaults(api.environment?.[name]));
    const defaultDelay = 5;
    expect(parseInt(api.stop_grace_period ?? '')).to.be.greaterThan(defaultDelay + variable('SHUTDOWN_GRACE_SECONDS'));
    const allowed = Number(/max_connections=(\d+)/.exec(JSON.stringify(stack.services['database']))?.[1]);
    const pools = (api.deploy?.replicas ?? NaN) * variable('WORKERS') * variable('DATABASE_POOL_MAX');
    // An upgrade may run old and new replicas at once, and PostgreSQL reserves three connections.
    expect(2 * pools).to.be.at.most(allowed - 3);
  });

  it('takes from docker/.env exactly the variables that docker/README.md lists', async () => {
    const [, section = ''] = (await readFile(path.join(directory, 'README.md'), 'utf8')).split(
      'Set these variables in',
    );
    const listed = [...section.split('\n\n')[1]!.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      namesIn(cell),
    );
    const taken = [...text.matchAll(/\$\{([A-Z_0-9]+):-/g)].map(([, name = '']) => name);

    expect([...new Set(taken), 'COMPOSE_PROFILES']).to.have.members(listed);
  });

  it('sets every variable of the README that operators need, from docker/.env or to what fits the stack', () => {
    const page = readme.split(/^## /m).find((part) => part.startsWith('Configuration')) ?? '';
    const variables = [...page.matchAll(/^\| (`[A-Z][^|]+) \|/gm)].flatMap(([, cell = '']) => namesIn(cell));
    const set = [api, migrate].flatMap(({ environment }) => Object.keys(environment ?? {}));
    const ofImage = ['NODE_ENV', 'HOST', 'PORT', 'ADMIN_HOST', 'ADMIN_PORT', 'DATA_DIR'];
    // For compose.override.yaml: what few need to change, and what takes a file, a secret or a network of its own.
    const others =
      /^(JOBS|MAX_CONNECTIONS|DATABASE_(PREPARED|CONNECT|STATEMENT)|HASHING|JWT_SIGNING_KEYS|MAIL_MESSAGES|PAGES_LOGO|LOG_FORMAT|SHUTDOWN_DELAY|REQUEST|KEEP|OTEL|SENTRY|ADMIN_EMAIL|ADMIN_PASSWORD|SIG)/;

    expect(variables).to.include('ERASE_AFTER_DAYS');
    const missing = variables.filter((name) => ![...ofImage, ...set].some((one) => one.replace(/_FILE$/, '') === name));
    expect(missing.filter((name) => !others.test(name))).to.deep.equal([]);
  });

  it('passes the production checks with the secrets from make-secrets.sh', async function () {
    const copy = await mkdtemp(path.join(tmpdir(), 'latchkey-secrets-'));
    try {
      await cp(path.join(directory, 'make-secrets.sh'), path.join(copy, 'make-secrets.sh'));
      try {
        await promisify(execFile)('sh', ['make-secrets.sh', 'accounts.example.com'], { cwd: copy });
      } catch (error) {
        if (!String(error).includes('openssl')) throw error;
        process.stdout.write('  no openssl on the PATH: skipped docker/make-secrets.sh\n');
        this.skip();
      }
      const secrets = path.join(copy, 'secrets');
      expect((await stat(secrets)).mode & 0o777).to.equal(0o700);
      expect(await readdir(secrets)).to.include.members(
        // Only the operator knows the password of their mail account.
        Object.values(stack.secrets)
          .map(({ file }) => path.basename(file))
          .filter((file) => file !== 'smtp_password'),
      );
      const environment = Object.entries(api.environment ?? {}).map(([name, value]) => [
        name,
        withDefaults(value).replace('/run/secrets', secrets),
      ]);
      const { config, secrets: read } = loadConfig({
        NODE_ENV: 'production',
        ...(Object.fromEntries(environment) as Record<string, string>),
      });
      expect(config.trustProxy).to.equal(1);
      expect(read.databaseUrl).to.match(
        /^postgres:\/\/latchkey_app:[0-9a-f]{64}@database:5432\/latchkey\?sslmode=disable$/,
      );
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});

describe('make-secrets.sh', function () {
  let copy = '';
  beforeEach('copy the script to an empty project', async function () {
    copy = await mkdtemp(path.join(tmpdir(), 'latchkey-secrets-'));
    await cp(path.join(directory, 'make-secrets.sh'), path.join(copy, 'docker', 'make-secrets.sh'));
    await cp('package.json', path.join(copy, 'package.json'));
    const found = await promisify(execFile)('openssl', ['version']).catch(() => undefined);
    if (found) return;
    process.stdout.write('  no openssl on the PATH: skipped docker/make-secrets.sh\n');
    this.skip();
  });
  afterEach(() => rm(copy, { recursive: true }));

  const make = async (...names: string[]) => {
    try {
      return { status: 0, ...(await promisify(execFile)('sh', ['docker/make-secrets.sh', ...names], { cwd: copy })) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, stdout, stderr };
    }
  };
  const read = (name: string) => readFile(path.join(copy, 'docker', name), 'utf8');

  it('writes the public URL, also as issuer, and a pinned image version to docker/.env', async () => {
    await make('accounts.example.com');

    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await read('.env')).to.equal(
      `COMPOSE_PROJECT_NAME=latchkey\nPUBLIC_URL=https://accounts.example.com\nJWT_ISSUER=https://accounts.example.com\nLATCHKEY_IMAGE=latchkey:${version}\n`,
    );
  });

  it('keeps existing files and the name when run again, and says so', async () => {
    const first = await make('accounts.example.com');
    const made = await Promise.all(['.env', 'secrets/jwt_secrets', 'secrets/tls_certificate'].map(read));

    for (const again of [await make('accounts.example.com'), await make()]) {
      expect(again).to.include({ status: 0, stderr: '' });
      expect(again.stdout.match(/kept docker\//g)?.length).to.be.at.least(9);
      expect(again.stdout).not.to.include('made');
    }

    expect(first.stdout).to.include('created docker/secrets/tls_certificate');
    expect(await Promise.all(['.env', 'secrets/jwt_secrets', 'secrets/tls_certificate'].map(read))).to.deep.equal(made);
  });

  it('says when the certificate and docker/.env are for another name, and what to do', async () => {
    await make();

    const { status, stderr } = await make('accounts.example.com');

    expect(status).to.equal(1);
    expect(stderr).to.include('the certificate is not for accounts.example.com; to make another: rm ');
    expect(stderr).to.include('docker/.env does not have PUBLIC_URL=https://accounts.example.com');
  });

  it('makes a new certificate when both files are gone, and refuses half a pair', async () => {
    await make('accounts.example.com');
    const before = await read('secrets/tls_certificate');
    await rm(path.join(copy, 'docker', 'secrets', 'tls_key'));
    const half = await make();
    await rm(path.join(copy, 'docker', 'secrets', 'tls_certificate'));
    const renewed = await make();

    expect(half.status).to.equal(1);
    expect(half.stderr).to.include('only one of docker/secrets/tls_certificate and docker/secrets/tls_key exists');
    expect(renewed.status).to.equal(0);
    expect(await read('secrets/tls_certificate')).not.to.equal(before);
  });
});

describe('the proxy', () => {
  let configuration = '';
  before(async () => {
    configuration = await readFile(path.join(directory, 'nginx', 'nginx.conf'), 'utf8');
  });

  it('overwrites the forwarding headers of clients', () => {
    expect(configuration).to.contain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(configuration).to.contain('proxy_set_header Forwarded "";');
    expect(configuration).not.to.contain('$proxy_add_x_forwarded_for');
  });

  it('redirects pages to https, but refuses the API on http, so that tokens sent there are noticed', () => {
    const plain = configuration.slice(configuration.indexOf('listen 8080;'), configuration.indexOf('listen 8443'));
    const answers = [...plain.matchAll(/location (?:= )?(\S+) \{[^}]*?return (\d+)/g)].map(([, ...parts]) => parts);

    expect(answers).to.deep.equal([
      ['/proxy-health', '204'],
      ['/api', '403'],
      ['/', '308'],
    ]);
  });

  it('starts two workers, not one per core of the host', () => {
    expect(configuration).to.match(/^worker_processes 2;$/m);
  });

  it('accepts only TLS 1.2 and 1.3, and sends HSTS', () => {
    expect(configuration).to.contain('Strict-Transport-Security "max-age=31536000; includeSubDomains" always');
    expect(configuration).to.contain('ssl_protocols TLSv1.2 TLSv1.3;');
  });
});
