/** `npm run test:schemathesis`: sends requests that schemathesis generates, for every operation and role, to a live server. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Role } from '../../src/access/user.ts';
import { bodyFields, withBody, type Described } from '../contract/requests.ts';
import { basePath, useApp } from '../support/app.ts';

const run = promisify(execFile);
const release = 'schemathesis==4.32.5';
// Kept between runs, until node_modules is removed.
const environment = path.resolve('node_modules', '.cache', release.replace('==', '-'));
const secondsPerRole = 15;

// These are trimmed before their length is checked, so a longer text may be valid, which a schema can't express.
const normalizing = withBody.filter(isNormalized).map(({ id }) => id);
const settings = `
hooks = "hooks.py"

[auth]
auto-signup = false # nobody stays nobody

${normalizing.map((id) => `[[operations]]\ninclude-operation-id = "${id}"\nchecks.negative_data_rejection.enabled = false\n`).join('\n')}`;

// Node refuses a URL or headers beyond 16 KB before there is a request of an operation (RFC 6585, section 5);
// and a wrong cookie is as good as none (openapi/README.md).
const hooks = `
import schemathesis

@schemathesis.hook
def filter_failure(context, failure, case, response):
    wrong = {place.value for place, made in case.meta.components.items() if made.mode.is_negative}
    is_cookie_alone = type(failure).__name__ == "AcceptedNegativeData" and wrong == {"cookie"}
    return response.status_code != 431 and not is_cookie_alone
`;

describe('schemathesis finds no fault', function () {
  this.timeout(180_000);
  const app = useApp();
  let program: string | undefined;
  let directory: string;

  before('install it where Python is', async function () {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-schemathesis-'));
    await writeFile(path.join(directory, 'schemathesis.toml'), settings);
    await writeFile(path.join(directory, 'hooks.py'), hooks);
    program = await install();
    if (program !== undefined) return;
    process.stdout.write('skipped schemathesis: it needs python3 with venv, and PyPI on its first run\n');
    this.skip();
  });
  after('remove what it leaves', () => rm(directory, { recursive: true, force: true }));

  for (const role of [undefined, 'user', 'moderator', 'admin'] as const) {
    it(`as ${role ?? 'nobody'}`, () =>
      check(role, secondsPerRole, ['--exclude-operation-id=logout', '--exclude-path-regex=^/[.]well-known/']));
  }

  // It takes one address for all paths, whatever servers they name.
  it('outside the base path', () => check(undefined, 5, ['--include-path-regex=^/[.]well-known/'], app.origin));

  it('when a session is ended', () => check('user', 5, ['--include-operation-id=logout']));

  async function check(
    role: Role | undefined,
    seconds: number,
    options: string[],
    url = app.origin + basePath,
  ): Promise<void> {
    const token = role && (await app.signIn(role)).accessToken;
    const args = [
      'run',
      `${app.origin}/openapi.json`,
      `--url=${url}`,
      ...(token ? [`--header=Authorization: Bearer ${token}`] : []),
      '--generation-deterministic',
      `--max-time=${seconds}`,
      '--no-color',
      '--warnings=off',
      // A schema can't say that a cursor belongs to this list, that page excludes it, or that an ETag is current.
      '--exclude-checks=positive_data_acceptance',
      ...options,
    ];
    await run(program!, args, { cwd: directory, maxBuffer: 64 << 20 }).catch((error: unknown) => {
      throw new Error((error as { stdout?: string }).stdout?.slice(-20_000), { cause: error });
    });
  }
});

function isNormalized(operation: Described): boolean {
  return Object.values(bodyFields(operation)).some((field) => field.format === 'idn-email' || field['x-normalize']);
}

async function install(): Promise<string | undefined> {
  const program = path.join(
    environment,
    process.platform === 'win32' ? 'Scripts/schemathesis.exe' : 'bin/schemathesis',
  );
  try {
    await access(program).catch(async () => {
      await run('python3', ['-m', 'venv', '--clear', environment]);
      await run(path.join(path.dirname(program), 'python'), [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--timeout=15',
        '--retries=1',
        release,
      ]);
    });
    await run(program, ['--version']);
    return program;
  } catch {
    return undefined;
  }
}
