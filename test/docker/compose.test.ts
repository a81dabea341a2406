/** The compose file, read: what must hold of every service whoever adds one. An engine is not needed; `npm run test:stack` runs it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly cpus?: number;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly networks?: readonly string[];
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

const directory = path.resolve('docker');
const stack = parse(await readFile(path.join(directory, 'compose.yaml'), 'utf8'), { merge: true }) as Stack;
const { api, proxy, migrate } = stack.services as Record<'api' | 'proxy' | 'migrate', Service>;

describe('the compose file', () => {
  for (const [name, service] of Object.entries(stack.services)) {
    describe(name, () => {
      it('has a read-only root, no right that it does not need, and can gain none', () => {
        expect(service.read_only).to.equal(true);
        expect(service.privileged).to.equal(undefined);
        expect(service.cap_drop).to.deep.equal(['ALL']);
        expect(service.security_opt).to.deep.equal(['no-new-privileges:true']);
      });

      it('has limits of processor, memory and processes', () => {
        expect(service.cpus).to.be.greaterThan(0);
        expect(service.mem_limit).to.match(/^\d+[mg]$/);
        expect(service.pids_limit).to.be.greaterThan(0);
      });

      it('names a version of its image', () => {
        expect(service.image).to.match(/^(\$\{LATCHKEY_IMAGE:-latchkey:latest\}|[\w./-]+:v?\d[\w.-]*)$/);
      });

      it('tells whether it is healthy, unless it ends by itself', () => {
        const own = name === 'api'; // the image's own check
        expect(own || service.healthcheck?.test !== undefined || service.healthcheck?.disable === true).to.equal(true);
      });

      it('refers only to networks, volumes and secrets that are there', () => {
        expect(stack.networks).to.include.keys(service.networks ?? []);
        if (service.secrets) expect(stack.secrets).to.include.keys(service.secrets);
        for (const source of (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')) {
          if (!source.startsWith('.')) expect(stack.volumes).to.include.keys(source);
        }
      });

      it('is told no secret by a variable', () => {
        for (const [variable, value] of Object.entries(service.environment ?? {})) {
          if (/PASSWORD|SECRET|_URL/.test(variable) && variable !== 'PUBLIC_URL') {
            expect(variable).to.match(/_FILE$/);
            expect(value).to.match(/^\/run\/secrets\//);
          }
        }
      });
    });
  }

  it('publishes ports of the proxy only, and Grafana on the loopback address only', () => {
    const publishing = Object.entries(stack.services).filter(([, { ports }]) => ports);
    expect(publishing.map(([name]) => name)).to.deep.equal(['proxy']);
    expect(proxy.ports?.filter((port) => port.endsWith(':3000'))).to.deep.equal([
      '127.0.0.1:${GRAFANA_PORT:-3000}:3000',
    ]);
  });

  it('has one network with a way out, which only the proxy is in', () => {
    const open = Object.keys(stack.networks).filter((name) => stack.networks[name]?.internal !== true);
    expect(open).to.deep.equal(['edge']);
    const members = Object.keys(stack.services).filter((name) => stack.services[name]?.networks?.includes('edge'));
    expect(members).to.deep.equal(['proxy']);
  });

  it('keeps the database and Redis from everything but the API and the migration', () => {
    const members = Object.keys(stack.services).filter((name) => stack.services[name]?.networks?.includes('data'));
    expect(members).to.have.members(['api', 'migrate', 'database', 'redis']);
  });

  it('starts in order: database, migration, two replicas or more, proxy', () => {
    expect(migrate.depends_on).to.deep.equal({ database: { condition: 'service_healthy' } });
    expect(api.depends_on).to.deep.equal({
      database: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    });
    expect(proxy.depends_on).to.deep.equal({ api: { condition: 'service_healthy' } });
    expect(api.deploy?.replicas).to.be.at.least(2);
  });

  it('lets replicas finish their requests, and opens fewer connections than the database allows', () => {
    const variable = (name: string) => Number(api.environment?.[name]);
    const usualDelay = 5;
    expect(parseInt(api.stop_grace_period ?? '')).to.be.greaterThan(usualDelay + variable('SHUTDOWN_GRACE_SECONDS'));
    const allowed = Number(/max_connections=(\d+)/.exec(JSON.stringify(stack.services['database']))?.[1]);
    // One is the primary's.
    const pools = (api.deploy?.replicas ?? NaN) * (variable('WORKERS') * variable('DATABASE_POOL_MAX') + 1);
    // An upgrade may run both generations; three are PostgreSQL's own reserve.
    expect(2 * pools).to.be.at.most(allowed - 3);
  });

  it('configures a server that production accepts, with the secrets that make-secrets.sh makes', async function () {
    const copy = await mkdtemp(path.join(tmpdir(), 'latchkey-secrets-'));
    try {
      await cp(path.join(directory, 'make-secrets.sh'), path.join(copy, 'make-secrets.sh'));
      try {
        await promisify(execFile)('sh', ['make-secrets.sh', 'accounts.example.com'], { cwd: copy });
      } catch (error) {
        if (!String(error).includes('openssl')) throw error;
        process.stdout.write('skipped: docker/make-secrets.sh, since there is no openssl here\n');
        this.skip();
      }
      const secrets = path.join(copy, 'secrets');
      expect((await stat(secrets)).mode & 0o777).to.equal(0o700);
      expect(await readdir(secrets)).to.include.members(
        Object.values(stack.secrets).map(({ file }) => path.basename(file)),
      );
      const environment = Object.entries(api.environment ?? {}).map(([name, value]) => [
        name,
        value.replace('/run/secrets', secrets).replace(/^\$\{PUBLIC_URL:-(.*)\}$/, '$1'),
      ]);
      const { config, secrets: read } = loadConfig({
        NODE_ENV: 'production',
        ...(Object.fromEntries(environment) as Record<string, string>),
      });
      expect(config.trustProxy).to.equal(1);
      expect(read.databaseUrl).to.match(/^postgres:\/\/latchkey:[0-9a-f]{64}@database:5432\/latchkey$/);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});

describe('the proxy', () => {
  let configuration = '';
  before(async () => {
    configuration = await readFile(path.join(directory, 'nginx', 'nginx.conf'), 'utf8');
  });

  it('overwrites what clients say of who they are', () => {
    expect(configuration).to.contain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(configuration).to.contain('proxy_set_header Forwarded "";');
    expect(configuration).not.to.contain('$proxy_add_x_forwarded_for');
  });

  it('tells browsers to stay with TLS, of which it speaks 1.2 and 1.3', () => {
    expect(configuration).to.contain('Strict-Transport-Security "max-age=31536000; includeSubDomains" always');
    expect(configuration).to.contain('ssl_protocols TLSv1.2 TLSv1.3;');
  });
});
