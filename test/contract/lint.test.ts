import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';

const root = path.join(import.meta.dirname, '..', '..');
const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

type Change = readonly [rule: string, file: string, from: string, to: string];

interface Report {
  readonly problems: readonly { readonly ruleId: string }[];
}

const changes: readonly Change[] = [
  ['operation-id-form', 'paths/auth/login.yaml', 'operationId: login', 'operationId: do_login'],
  ['operation-id-form', 'paths/users/users.yaml', 'operationId: createUser', 'operationId: userCreate'],
  ['operation-rate-limit', 'paths/auth/login.yaml', 'x-rate-limit: credentials', 'x-rate-limit: often'],
  ['operation-assurance', 'paths/auth/me.yaml', 'x-rate-limit:', 'x-assurance: {max_age: 600}\n  x-rate-limit:'],
  ['operation-assurance', 'paths/auth/logout.yaml', 'Unauthorized.yaml', 'UnauthorizedOrStale.yaml'],
  ['operation-credentials', 'paths/auth/password.yaml', '  x-assurance: { max_age: 600 }\n', ''],
  ['operation-credentials', 'paths/factors/factor.yaml', '  x-assurance:\n    max_age: 600\n', ''],
  ['operation-second-factor', 'paths/auth/events.yaml', '  x-without-second-factor: true\n', ''],
  [
    'operation-second-factor',
    'paths/auth/email.yaml',
    '  x-rate-limit',
    '  x-without-second-factor: true\n  x-rate-limit',
  ],
  [
    'operation-second-factor',
    'responses/Forbidden.yaml',
    '      second_factor_enrolment_required:',
    '      enrolment:',
  ],
  ['operation-statuses', 'paths/users/users.yaml', "'403':", "'410':"],
  ['operation-statuses', 'paths/users/users.yaml', "'401':", "'410':"],
  ['operation-statuses', 'paths/auth/login.yaml', "'429':", "'428':"],
  ['component-names', 'paths/users/user.yaml', 'parameters/PathUserId.yaml', 'parameters/UserId.yaml'],
  ['component-names', 'paths/users/user.yaml', 'parameters/PathUserId.yaml', 'parameters/user_id.yaml'],
  ['cursor-examples', 'parameters/Cursor.yaml', 'schema:', 'example: a.b\nschema:'],
  ['cursor-examples', 'parameters/Cursor.yaml', 'schema:', 'schema:\n  example: a.b'],
  ['enums', 'schemas/Role.yaml', 'example: user', 'minLength: 4\nexample: user'],
  ['enums', 'schemas/User.yaml', 'UserRole.yaml', 'Role.yaml'],
  ['enums', 'schemas/ViolationRule.yaml', '- `taken`', '- `token`'],
  ['enums', 'parameters/SortOrder.yaml', '$ref: ../schemas/SortDirection.yaml', 'enum: [asc, desc]'],
  ['error-examples', 'schemas/Problem.yaml', 'required:', 'example: {}\nrequired:'],
  ['patterns', 'schemas/Timestamp.yaml', '[0-9]{4}', '\\d{4}'],
  ['patterns', 'schemas/Timestamp.yaml', '^[0-9]', '^[^\\u2028]'],
  ['patterns', 'schemas/FullName.yaml', 'x-message:', 'x-massage:'],
  ['secrets', 'schemas/Password.yaml', 'x-secret: true', 'format: password'],
  ['problem-texts', 'schemas/ProblemCode.yaml', '  - forbidden\n', '  - forbidden\n  - gone\n'],
  ['problem-texts', 'schemas/ProblemCode.yaml', '  - forbidden\n', ''],
  ['problem-texts', 'schemas/ProblemCode.yaml', 'status: 413', 'status: 299'],
  ['problem-texts', 'schemas/ProblemCode.yaml', 'remedy: Send a smaller body.', 'advice: Send a smaller body.'],
  ['problem-texts', 'schemas/ProblemCode.yaml', '  last_admin:\n', '  a_last_admin:\n'],
  ['problem-texts', 'schemas/ViolationRule.yaml', '  taken:', '  token:'],
  ['rate-limit-headers', 'paths/health/health.yaml', 'ProbeBadRequest', 'BadRequest'],
  ['rate-limit-headers', 'paths/auth/login.yaml', 'responses/BadRequestBody', 'responses/ProbeBadRequest'],
  ['server-descriptions', 'openapi.yaml', 'description: Local', 'description: The server on this machine.'],
  ['server-descriptions', 'openapi.yaml', 'url: http://127.0.0.1:8000/api/v1', 'url: /api/v1'],
  ['requests-closed', 'schemas/Credentials.yaml', 'additionalProperties: false\n', ''],
  ['requests-closed', 'schemas/RegistrationCredential.yaml', 'additionalProperties: true\n', ''],
  ['response-examples', 'responses/NotFound.yaml', 'examples:', 'x-examples:'],
  ['schema-bounds', 'schemas/FullName.yaml', 'maxLength: 100\n', ''],
  ['schema-description', 'schemas/Health.yaml', 'description: The state of the process.\n', ''],
  ['schema-names', 'paths/auth/login.yaml', 'schemas/Credentials.yaml', 'schemas/LoginBody.yaml'],
  ['summary-verb', 'paths/users/users.yaml', 'summary: Create a user', 'summary: Make a user'],
  ['summary-verb', 'paths/auth/login.yaml', 'summary: Sign in', 'summary: Log in'],
];

describe('the lint of the contract', function () {
  this.timeout(300_000);
  let folder: string;
  let violated: ReadonlySet<string>[];

  // Redocly takes seconds to start, so each change has its own copy of the contract, and one run lints all copies,
  // each by the rule that has to notice its change.
  before('lint the contract, and a copy with each change', async () => {
    folder = await mkdtemp(path.join(root, 'dist', 'lint-'));
    const contract = path.join(folder, 'contract');
    await cp(path.join(root, 'openapi'), contract, { recursive: true });
    // Unused files that a change may refer to.
    await cp(path.join(contract, 'schemas/Credentials.yaml'), path.join(contract, 'schemas/LoginBody.yaml'));
    for (const name of ['UserId', 'user_id'])
      await cp(path.join(contract, 'parameters/PathUserId.yaml'), path.join(contract, 'parameters', `${name}.yaml`));
    const copies = await Promise.all(changes.map((change, index) => copyWith(change, contract, `change-${index}`)));
    violated = await lint(contract, copies);
  });
  after('remove the copies', () => rm(folder, { recursive: true }));

  it('accepts the current contract', () => {
    expect([...violated[0]!]).to.deep.equal([]);
  });

  for (const [index, [rule, file, from, to]] of changes.entries()) {
    it(`${rule} notices ${JSON.stringify(to || `no ${from}`)} in ${file}`, () => {
      expect([...violated[index + 1]!]).to.include(`latchkey/${rule}`);
    });
  }

  async function copyWith([, file, from, to]: Change, contract: string, name: string): Promise<string> {
    const text = await readFile(path.join(contract, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    const copy = path.join(folder, name);
    await link(contract, copy, file.split('/'));
    await writeFile(path.join(copy, file), text.replace(from, to));
    return copy;
  }

  /** The rules that the contract violates, of all, and each copy, of its own. */
  async function lint(contract: string, copies: readonly string[]): Promise<Set<string>[]> {
    const text = await readFile(path.join(root, 'redocly.yaml'), 'utf8');
    const {
      apis,
      extends: presets,
      plugins,
    } = parse(text) as { apis: { latchkey: object }; extends: string[]; plugins: string[] };
    const linted = copies.map((copy, index) => [
      path.basename(copy),
      { root: path.join(copy, 'openapi.yaml'), rules: { [`latchkey/${changes[index]![0]}`]: 'error' } },
    ]);
    const own = {
      apis: {
        contract: { ...apis.latchkey, extends: presets, root: path.join(contract, 'openapi.yaml') },
        ...Object.fromEntries(linted),
      },
      plugins: plugins.map((file) => path.join(root, file)),
    };
    await writeFile(path.join(folder, 'redocly.yaml'), stringify(own));
    const options = { cwd: folder, env: { ...process.env, REDOCLY_TELEMETRY: 'off' }, maxBuffer: 16 << 20 };
    const { stdout } = await promisify(execFile)(process.execPath, [redocly, 'lint', '--format=json'], options).catch(
      (error: unknown) => error as { stdout: string },
    );
    // One report after the other, in the order of the settings.
    const reports = JSON.parse(`[${stdout.replaceAll(/^\}\{/gm, '},{')}]`) as Report[];
    expect(reports).to.have.length(1 + copies.length);
    return reports.map(({ problems }) => new Set(problems.map(({ ruleId }) => ruleId)));
  }
});

/** Makes a folder of links to all that another folder holds, except one file of it. */
async function link(from: string, to: string, [first = '', ...rest]: readonly string[]): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (name !== first) await symlink(path.join(from, name), path.join(to, name));
  }
  if (rest.length > 0) await link(path.join(from, first), path.join(to, first), rest);
}
