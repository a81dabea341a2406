/**
 * `npm run test:image`: builds the image, or uses TEST_IMAGE, and runs it as in production. Without a container engine, it
 * is skipped with a message.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { expect } from 'chai';
import { buildImage, docker, engineAnswers, runToEnd } from '../support/containers.ts';
import { eventually } from '../support/eventually.ts';

interface ImageDescription {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly StopSignal: string;
    readonly Entrypoint: string[];
    readonly Cmd: string[];
    readonly Healthcheck: { readonly Test: string[] };
    readonly Labels: Record<string, string>;
    readonly Env: string[];
  };
}

interface Project {
  readonly version: string;
  readonly scripts: { readonly start: string };
}

const built = process.env['TEST_IMAGE'];
const image = built ?? 'latchkey:check';
const name = `latchkey-check-${process.pid}`;
const databaseName = `${name}-database`;
const databaseUrl = `postgres://latchkey:latchkey@${databaseName}:5432/latchkey`;
const variables = [
  '--env',
  `DATABASE_URL=${databaseUrl}`,
  '--env',
  `JWT_SECRETS=${randomBytes(48).toString('base64')}`,
  '--env',
  'SMTP_URL=off',
];
const hardened = ['--network', name, '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', ...variables];
const person = { email: 'ada@example.com', password: 'correct horse battery staple', full_name: 'Ada Lovelace' };

describe('the image', () => {
  let version: string;
  let start: string;
  let revision: string;
  let description: ImageDescription;
  let files: string[];

  before(async function () {
    if (!(await engineAnswers())) {
      process.stdout.write('no container engine answers: skipped the image; start one and run again\n');
      this.skip();
    }
    const project = JSON.parse(await readFile('package.json', 'utf8')) as Project;
    ({ version } = project);
    ({ start } = project.scripts);
    revision = (await promisify(execFile)('git', ['rev-parse', 'HEAD'])).stdout.trim();
    if (!built) await buildImage(image, `--build-arg=VERSION=${version}`, `--build-arg=REVISION=${revision}`);
    [description] = JSON.parse(await docker('image', 'inspect', image)) as [ImageDescription];
    files = await filesOf(image);
    await docker('network', 'create', name);
    await docker(
      ...['run', '--detach', '--name', databaseName, '--network', name, '--env', 'POSTGRES_USER=latchkey'],
      ...['--env', 'POSTGRES_PASSWORD=latchkey', '--env', 'POSTGRES_DB=latchkey', 'postgres:17-alpine'],
    );
    await eventually('PostgreSQL answers', () => docker('exec', databaseName, 'pg_isready', '-h', '127.0.0.1'), 60_000);
  });

  after(async () => {
    for (const container of [name, databaseName]) await docker('rm', '--force', '--volumes', container).catch(() => {});
    await docker('network', 'rm', name).catch(() => {});
  });

  it('is at most 200 MB', () => {
    process.stdout.write(`      ${(description.Size / 1e6).toFixed(1)} MB\n`);
    expect(description.Size).to.be.at.most(200e6);
  });

  it('runs as a numeric user, stops on SIGTERM and checks its health with Node', () => {
    const { User, StopSignal, Entrypoint, Cmd, Healthcheck } = description.Config;
    expect(User).to.equal('65532:65532');
    expect(StopSignal).to.equal('SIGTERM');
    expect([...Entrypoint, ...Cmd].join(' '), 'as npm start').to.equal(start.replace('exec node', '/nodejs/bin/node'));
    expect(Healthcheck.Test.slice(0, 2)).to.deep.equal(['CMD', '/nodejs/bin/node']);
  });

  it('is labelled with its title, version, revision and licence', () => {
    const label = (key: string) => description.Config.Labels[`org.opencontainers.image.${key}`];
    expect(label('title')).to.equal('Latchkey');
    expect(label('version')).to.equal(version);
    expect(label('revision')).to.equal(revision);
    expect(label('licenses')).to.equal('MIT');
    expect(label('description')).to.match(/\w/);
  });

  it('has no shell, no package manager and no compiler', async () => {
    const programs = files.filter((file) =>
      /(^|\/)(ba|da|a)?sh$|(^|\/)(busybox|npm|npx|apt|dpkg|gcc|tsc|tsx)$/.test(file),
    );
    expect(programs).to.deep.equal([]);
    const { status } = await runToEnd(['--entrypoint', '/bin/sh', image, '-c', 'true']);
    expect(status).to.equal(127);
  });

  it('contains exactly the packages that production needs, and no sources', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean }>;
    };
    const installed = files.flatMap((file) => /^app\/(node_modules\/.*)\/package\.json$/.exec(file)?.[1] ?? []);
    for (const [folder, { dev, optional }] of Object.entries(lock.packages)) {
      if (folder === '' || optional) continue;
      if (dev) expect(installed).not.to.include(folder);
      else expect(installed).to.include(folder);
    }
    // The bundle's source maps name the sources in stack traces; they hold none.
    const foreign = files.filter((file) => /^app\/.*\.(ts|map)$/.test(file) && !file.startsWith('app/dist/server/'));
    expect(foreign).to.deep.equal([]);
  });

  it('refuses to serve without required settings, and names them', async () => {
    const { status, stderr } = await runToEnd([image]);
    expect(status).to.equal(1);
    expect(stderr).to.contain('DATABASE_URL is missing').and.to.contain('JWT_SECRETS is missing');
  });

  it('migrates, and creates an administrator', async () => {
    const migrations = (await readdir('migrations')).flatMap((file) => /^(\d{14}_\w+)\.ts$/.exec(file)?.[1] ?? []);
    const migrated = await runToEnd([...hardened, image, 'migrate']);
    const lines = [...migrations.map((each) => `applying ${each}`), `${migrations.length} applied`];
    expect(migrated.stdout).to.equal(`${lines.join('\n')}\n`);
    expect(migrated.status).to.equal(0);
    const create = ['admin', 'create', '--email', 'root@example.com', '--name', 'Root'];
    const made = await runToEnd([...hardened, image, ...create], 'a long enough password\n');
    expect(made.stdout).to.contain('root@example.com is an administrator now');
  });

  it('runs doctor, which fails an unsafe environment', async () => {
    const { status, stdout } = await runToEnd([
      ...hardened,
      '--env=PUBLIC_URL=http://accounts.example.com',
      image,
      'doctor',
    ]);
    expect(stdout)
      .to.match(/migrations/)
      .and.to.match(/PUBLIC_URL/);
    expect(status, stdout).to.equal(1);
  });

  it('serves on a read-only root without capabilities, becomes healthy, and exits with 0 on SIGTERM', async () => {
    await docker('run', '--detach', '--name', name, '--publish=127.0.0.1::8000', ...hardened, image);
    const inspect = async (format: string) => docker('inspect', '--format', format, name);
    const state = await eventually(
      'the container is healthy',
      async () => {
        const health = await inspect('{{.State.Health.Status}} {{.State.Running}}');
        return health === 'starting true' ? undefined : health;
      },
      60_000,
    );
    expect(state).to.equal('healthy true');

    const origin = `http://${await docker('port', name, '8000/tcp')}`;
    const post = async (path: string, body: unknown) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post('/api/v1/auth/register', person)).status).to.equal(201);
    expect((await post('/api/v1/auth/login', { email: person.email, password: person.password })).status).to.equal(200);
    expect((await fetch(`${origin}/api/v1/health/ready`)).status).to.equal(200);
    for (const page of ['/docs', '/docs/try', '/openapi.json'])
      expect((await fetch(origin + page)).status).to.equal(200);

    await docker('stop', '--time=20', name);
    expect(await inspect('{{.State.ExitCode}}')).to.equal('0');
    expect(await docker('logs', '--tail=1', name)).to.contain('"msg":"stopped"');
  });
});

async function filesOf(tag: string): Promise<string[]> {
  const container = await docker('create', tag);
  try {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)('sh', ['-c', `docker export ${container} | tar -t`], options);
    return stdout.split('\n');
  } finally {
    await docker('rm', container);
  }
}
