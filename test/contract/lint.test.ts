import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = path.join(import.meta.dirname, '..', '..');
const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/** Lints a copy of the contract with one changed file; returns the violated rules. */
async function lintChanged(file: string, from: string, to: string): Promise<string[]> {
  const folder = await mkdtemp(path.join(root, 'dist', 'lint-'));
  try {
    await cp(path.join(root, 'openapi'), path.join(folder, 'openapi'), { recursive: true });
    await cp(path.join(root, 'redocly.yaml'), path.join(folder, 'redocly.yaml'));
    // Unused files that a change may refer to.
    await cp(path.join(root, 'openapi/schemas/Credentials.yaml'), path.join(folder, 'openapi/schemas/LoginBody.yaml'));
    for (const name of ['UserId', 'user_id']) {
      const parameter = `openapi/parameters/${name}.yaml`;
      await cp(path.join(root, 'openapi/parameters/PathUserId.yaml'), path.join(folder, parameter));
    }
    const changed = path.join(folder, 'openapi', file);
    const text = await readFile(changed, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    await writeFile(changed, text.replace(from, to));
    const options = { cwd: folder, env: { ...process.env, REDOCLY_TELEMETRY: 'off' }, maxBuffer: 16 << 20 };
    const output = await promisify(execFile)(process.execPath, [redocly, 'lint', '--format=json'], options).catch(
      (error: unknown) => error as { stdout: string },
    );
    const { problems } = JSON.parse(output.stdout) as { problems: { ruleId: string }[] };
    return [...new Set(problems.map(({ ruleId }) => ruleId))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the lint of the contract', function () {
  it('accepts the current contract', async () => {
    expect(await lintChanged('openapi.yaml', 'title: Latchkey', 'title: Latchkey')).to.deep.equal([]);
  });

  for (const [rule, file, from, to] of [
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
  ] as const) {
    it(`${rule} notices ${JSON.stringify(to || `no ${from}`)} in ${file}`, async () => {
      expect(await lintChanged(file, from, to)).to.include(`latchkey/${rule}`);
    });
  }
});
