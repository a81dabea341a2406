/** The workflows in .github/workflows: their permissions, and that they only run commands that people can run too. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { findProject } from '../../../src/platform/project.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly if?: string;
  readonly permissions?: Record<string, string>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Record<string, (string | number)[]> };
  readonly services?: Record<string, { readonly ports: string[] }>;
  readonly env?: Record<string, string>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly concurrency?: object;
  readonly jobs: Record<string, Job>;
}

const { root } = findProject();
const read = (...names: string[]) => readFileSync(path.join(root, ...names), 'utf8');
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string>; engines: { node: string } };

const files = readdirSync(path.join(root, '.github', 'workflows'));
const texts = new Map(files.map((file) => [file, read('.github', 'workflows', file)]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const jobs = [...workflows].flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ place: `${file} ${id}`, job })),
);
const steps = jobs.flatMap(({ place, job }) => job.steps.map((step) => ({ place, job, step })));
const ci = workflows.get('ci.yml')!.jobs;

/** The only jobs that may write. */
const writes = [
  'codeql.yml analyze security-events',
  'docs.yml deploy id-token',
  'docs.yml deploy pages',
  'image.yml check security-events',
  'image.yml push packages',
  'release.yml publish id-token',
];

describe('the pipeline', () => {
  it('pins each action to one commit, with its version in a comment', () => {
    const lines = [...texts].flatMap(([file, text]) =>
      text
        .split('\n')
        .filter((line) => /^\s*(- )?uses:/.test(line))
        .map((line) => ({ file, line })),
    );
    expect(lines)
      .to.have.length(steps.filter(({ step }) => step.uses).length)
      .and.not.to.have.length(0);

    const commits = new Map<string, Set<string>>();
    for (const { file, line } of lines) {
      const [, action = '', commit = ''] =
        /uses: ([\w-]+\/[\w-]+)[\w/-]*@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(line) ?? [];
      expect(action, `${file}: ${line}`).not.to.equal('');
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    for (const [action, found] of commits) expect([...found], action).to.have.length(1);
  });

  it('runs only npm ci and scripts from package.json', () => {
    for (const { place, job, step } of steps) {
      for (const command of commandsOf(job, step)) {
        if (command === 'npm ci') continue;
        const [, script = ''] = /^npm run ([\w:-]+)$/.exec(command) ?? [];
        expect(manifest.scripts, `${place}: ${command}`).to.have.property(script);
      }
    }
  });

  it('names each step and gives each job a timeout', () => {
    for (const { place, step } of steps) expect(step.name, place).to.be.a('string');
    for (const { place, job } of jobs) expect(job['timeout-minutes'], place).to.be.within(1, 30);
  });

  it('grants no permission to a whole workflow, and write access only to jobs that need it', () => {
    for (const [file, { permissions, concurrency }] of workflows) {
      expect(permissions, file).to.deep.equal({});
      expect(concurrency, file).to.be.an('object');
    }
    const granted = jobs.flatMap(({ place, job }) => {
      expect(job.permissions, place).to.be.an('object');
      return Object.entries(job.permissions ?? {}).map(([scope, access]) => ({ at: `${place} ${scope}`, access }));
    });
    expect(new Set(granted.map(({ access }) => access))).to.deep.equal(new Set(['read', 'write']));
    expect(granted.filter(({ access }) => access === 'write').map(({ at }) => at)).to.have.members(writes);
  });

  it('persists no credentials, and has no trigger that exposes them to strangers', () => {
    for (const [file, { on }] of workflows)
      expect(on, file).not.to.have.any.keys('pull_request_target', 'workflow_run');
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
    for (const { place, step } of checkouts) expect(step.with, place).to.include({ 'persist-credentials': false });
  });

  it('pushes an image from main only', () => {
    expect(workflows.get('image.yml')!.jobs['push']!.if).to.equal(
      "github.event_name == 'push' && github.ref == 'refs/heads/main'",
    );
  });

  it('tests on the Node releases that the README names, including the oldest supported', () => {
    const [, named = ''] = /\(([\d, and]+) are tested\)/.exec(read('README.md')) ?? [];
    const releases = (named.match(/\d+/g) ?? []).map(Number);
    expect(ci['test']!.strategy!.matrix['node']).to.deep.equal(releases);
    expect(manifest.engines.node).to.match(new RegExp(`^>=${releases[0]}\\.`));
  });

  it('provides the PostgreSQL and the Redis that the tests need', () => {
    for (const id of ['test', 'coverage']) {
      const { services, env } = ci[id]!;
      const ports = Object.values(services!).flatMap((service) => service.ports.map((port) => port.split(':')[0]));
      const looked = [env!['TEST_DATABASE_URL']!, env!['TEST_REDIS_URL']!].map((url) => new URL(url).port);
      expect(ports, id).to.have.members(looked);
    }
  });

  it('runs every static check as its own step', () => {
    const parts = [...manifest.scripts['check:static']!.matchAll(/npm run --silent ([\w:-]+)/g)].map(
      ([, name]) => name,
    );
    const ran = ci['static']!.steps.flatMap((step) => commandsOf(ci['static']!, step));
    expect(ran).to.include.members(parts.map((name) => `npm run ${name}`));
  });

  it('runs every folder of tests', () => {
    const globs = ci['test']!.strategy!.matrix['suite']!.map((suite) => manifest.scripts[`test:${suite}`]!);
    const folders = readdirSync(path.join(root, 'test')).filter((folder) =>
      readdirSync(path.join(root, 'test', folder)).some((file) => file.endsWith('.test.ts')),
    );
    for (const folder of folders) {
      const pattern = new RegExp(`"test/(${folder}|\\{([\\w,]+,)?${folder}(,[\\w,]+)?\\})/\\*\\*/`);
      expect(
        globs.some((glob) => pattern.test(glob)),
        `no suite of ci.yml runs test/${folder}`,
      ).to.equal(true);
    }
  });
});

/** The commands of a step, for every value of the job's matrix. Leaves other expressions, for the tests to find. */
function commandsOf({ strategy }: Job, { run }: Step): string[] {
  if (run === undefined) return [];
  let commands = [run];
  for (const [name, values] of Object.entries(strategy?.matrix ?? {})) {
    commands = commands.flatMap((command) =>
      values.map((value) => command.replaceAll(`\${{ matrix.${name} }}`, String(value))),
    );
  }
  return commands;
}
