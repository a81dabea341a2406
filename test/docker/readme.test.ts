/** docker/README.md is true: its commands, files, variables, alerts, services and values exist. `npm run test:stack` runs its commands. */
import { execFile } from 'node:child_process';
import { access, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../src/platform/config/config.ts';
import { primaryPoolMax } from '../../src/platform/database/database.ts';
import { findHelm, helm } from '../support/helm.ts';
import { commandWith, commandsOf } from '../support/readme-blocks.ts';

const page = path.resolve('docker', 'README.md');
const text = await readFile(page, 'utf8');
const blocks = await commandsOf(page);
const readme = await readFile('README.md', 'utf8');
const stack = parse(await readFile(path.resolve('docker', 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, object>;
  volumes: Record<string, object>;
};

/** The variables that a command sets, with a fixed secret for each generated one. */
function variablesIn(command: string): Record<string, string> {
  const given = [...command.matchAll(/-e ([A-Z_]+)=("\$\(.*?\)"|\S+)/g)];
  const secret = 'hV3kQ0m9zY7w2pX8sT5nB1cR6fJ4gL0d';
  return Object.fromEntries(
    given.map(([, name = '', value = '']) => [name, value.startsWith('"$(openssl rand') ? secret : value]),
  );
}

describe('docker/README.md', function () {
  it('has commands that a shell can parse', async () => {
    expect(blocks.length).to.be.greaterThan(10);
    for (const block of blocks) {
      const { stderr } = await promisify(execFile)('sh', ['-n', '-c', block.replaceAll('…', '')]);
      expect(stderr, block).to.equal('');
    }
  });

  it('calls scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    const called = [...text.matchAll(/npm (?:run (?:--silent )?([\w:]+)|(test))/g)].map(([, run, test]) => run ?? test);
    expect(called.length).to.be.greaterThan(5);
    expect(Object.keys(scripts)).to.include.members(called);
  });

  it('links to and names existing files', async () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g)].map(([, link = '']) =>
      path.resolve('docker', link),
    );
    const named = [...text.matchAll(/`((?:docker|test|migrations)\/[\w./-]*|[\w-]+\.(?:ya?ml|sh))`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !/secrets|\.env/.test(name))
      .map((name) => path.resolve(/^(docker|test|migrations)\//.test(name) ? name : path.join('docker', name)));
    expect(links.length).to.be.greaterThan(3);
    for (const file of [...links, ...named]) {
      // Docker's own, and one that only the operator has.
      if (!/(daemon\.json|compose\.override\.yaml)$/.test(file)) await access(file);
    }
  });

  it('links to existing headings', () => {
    const anchors = (page: string) =>
      [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
    const links = [...text.matchAll(/\]\(([^)#]*)#([\w-]+)\)/g)];
    expect(links).not.to.be.empty;
    for (const [, file = '', anchor = ''] of links) {
      expect(file === '' ? anchors(text) : anchors(readme), `${file}#${anchor}`).to.include(anchor);
    }
  });

  it('names only secrets that make-secrets.sh makes', async () => {
    const script = await readFile(path.resolve('docker', 'make-secrets.sh'), 'utf8');
    const made = [...script.matchAll(/secrets\/(\w+)/g)].map(([, file]) => file);
    const named = [...text.matchAll(/secrets\/(\w+)/g)].map(([, file]) => file);
    // A temporary file, and a password that only the operator knows.
    expect(made).to.include.members(named.filter((file) => file !== 'new' && file !== 'smtp_password'));
  });

  it('names only variables that something reads or the page itself explains', async () => {
    const table = [...readme.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+)/gm)].flatMap(([, names = '']) =>
      names.match(/[A-Z_]+/g),
    );
    const files = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRETS', 'ADMIN_PASSWORD', 'SMTP_URL', 'SENTRY_DSN'].map(
      (name) => `${name}_FILE`,
    );
    const compose = await readFile(path.resolve('docker', 'compose.yaml'), 'utf8');
    const interpolated = [...compose.matchAll(/\$\{([A-Z_0-9]+)/g)].map(([, name]) => name);
    const others = ['PGSSLROOTCERT', 'ADMIN_URL', 'RESTORED_URL', 'COMPOSE_PROFILES', 'TEST_IMAGE'];
    const named = [...text.matchAll(/[`"$ ]([A-Z]+(?:_[A-Z0-9]+)+|PORT|HOST|WORKERS)\b(?=[`="_\s])/g)].map(
      ([, name]) => name,
    );
    const known = [...table, ...files, ...interpolated, ...others, 'ECONNREFUSED'];
    expect(named.length).to.be.greaterThan(20);
    expect(known).to.include.members([...new Set(named)]);
  });

  it('names existing alerts, metrics and services', async () => {
    const alerts = await readFile(path.resolve('docker', 'kubernetes', 'monitoring', 'alerts.yml'), 'utf8');
    const namedAlerts = text.match(/\bLatchkey[A-Z]\w+/g) ?? [];
    const namedMetrics = text.match(/\blatchkey_[a-z_]+/g) ?? [];
    expect(namedAlerts).not.to.be.empty;
    expect(namedMetrics).not.to.be.empty;
    for (const alert of namedAlerts) expect(alerts).to.include(`alert: ${alert}\n`);
    for (const metric of namedMetrics) {
      const isVolume =
        metric.replace('latchkey_', '') in stack.volumes ||
        metric === 'latchkey_restored' ||
        metric === 'latchkey_before' ||
        metric === 'latchkey_app' ||
        metric === 'latchkey_partitions';
      if (!isVolume) expect(readme).to.include(`\`${metric}`);
    }
    const commands =
      /docker compose (?:up|run|exec|kill|restart|logs|ps)((?: -{1,2}[\w-]+(?:[ =](?:HUP|api=\d))?)*) ([a-z]+)/g;
    const services = [...text.matchAll(commands)].map(([, , service = '']) => service);
    expect(services.length).to.be.greaterThan(5);
    expect(Object.keys(stack.services)).to.include.members(services);
  });

  it('quotes log lines that the server writes', async () => {
    const quoted = [...text.matchAll(/`((?:a|Redis) [a-z ]+)`/g)].map(([, line = '']) => line);
    const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(path.join('src', file), 'utf8')));
    expect(quoted.length).to.be.greaterThan(2);
    for (const line of quoted)
      expect(
        sources.some((source) => source.includes(`'${line}`)),
        line,
      ).to.equal(true);
  });

  it('names only image tags that exist', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['image']).to.include('--tag latchkey ').and.to.include('--tag latchkey:$npm_package_version ');
    const tags = [...text.matchAll(/latchkey:([\w.$-]+)/g)]
      .map(([, tag = '']) => tag)
      .filter((tag) => !tag.startsWith('secret'));
    expect(new Set(tags)).to.deep.equal(new Set(['latest', 'VERSION', '$tag']));
  });

  it('runs containers with settings that production accepts, and TRUST_PROXY behind a proxy', async () => {
    for (const command of [await commandWith(page, '--read-only'), await commandWith('README.md', '--read-only')]) {
      const given = variablesIn(command);
      const forwarded = [...command.matchAll(/-e ([A-Z_]+)(?= )/g)].map(([, name]) => name);
      expect([...Object.keys(given), ...forwarded]).to.include.members([
        'DATABASE_URL',
        'JWT_SECRETS',
        'PUBLIC_URL',
        'SMTP_URL',
        'MAIL_FROM',
        'TRUST_PROXY',
      ]);
      if (forwarded.length === 0)
        expect(loadConfig({ NODE_ENV: 'production', ...given }).config.trustProxy).to.equal(1);
    }
  });

  it('states the real shutdown times', () => {
    const { config } = loadConfig({
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://u:a-long-password@db.example.com/d?sslmode=verify-full',
      JWT_SECRETS: 'hV3kQ0m9zY7w2pX8sT5nB1cR6fJ4gL0d',
      PUBLIC_URL: 'https://accounts.example.com',
      SMTP_URL: 'off',
    });
    expect(text).to.include(`\`SHUTDOWN_DELAY_SECONDS\` (${config.shutdownDelaySeconds})`);
    expect(text).to.include(`\`SHUTDOWN_GRACE_SECONDS\` (${config.shutdownGraceSeconds})`);
    const [, stop] = /--stop-timeout (\d+)/.exec(text) ?? [];
    expect(Number(stop)).to.be.greaterThan(config.shutdownDelaySeconds + config.shutdownGraceSeconds);
  });

  it('adds up the connections that an instance really opens', () => {
    const { config } = loadConfig({});
    expect(text).to.match(new RegExp(`× ${config.database.poolMax} +\\+ ${primaryPoolMax}\\)`));
  });

  it('installs the chart with values that it has, and names its minimum Kubernetes version', async function () {
    const { kubeVersion } = parse(await readFile('docker/kubernetes/Chart.yaml', 'utf8')) as { kubeVersion: string };
    expect(text).to.include(`Kubernetes ${/\d+\.\d+/.exec(kubeVersion)?.[0]} or newer`);
    const program = await findHelm();
    if (program === undefined) {
      process.stdout.write("    no helm on the PATH: skipped the page's helm command\n");
      return this.skip();
    }
    const [, options = ''] =
      /helm upgrade --install accounts docker\/kubernetes (.*)/s.exec(await commandWith(page, 'helm upgrade')) ?? [];
    const words = options.replaceAll('\\\n', ' ').replaceAll('$tag', 'abc').trim().split(/\s+/);
    const rendered = await helm(
      program,
      'template',
      'accounts',
      'docker/kubernetes',
      '--kube-version',
      '1.34.0',
      ...words,
    );
    expect(rendered).to.include('image: registry.example.com/latchkey:abc').and.to.include('kind: Ingress');
    // The page restarts the deployment by this name.
    expect(rendered).to.match(/kind: Deployment\nmetadata:\n {2}name: accounts-latchkey\n/);
    expect(text).to.include('deployment/accounts-latchkey');
    for (const [, value = ''] of text.matchAll(
      /`((?:metrics|image|secrets|networkPolicy|certificateAuthority|migration)(?:\.\w+)+)`/g,
    )) {
      const values = parse(await readFile('docker/kubernetes/values.yaml', 'utf8')) as Record<string, unknown>;
      const found = value.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], values);
      expect(found, value).not.to.equal(undefined);
    }
  });
});
