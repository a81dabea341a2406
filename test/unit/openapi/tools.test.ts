/** How the tools of package.json answer to a wrong command line. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';

const tools = path.join(import.meta.dirname, '..', '..', '..', 'openapi', 'tools');
const run = (tool: string, args: readonly string[], variables: Record<string, string> = {}) =>
  spawnSync(process.execPath, ['--import', 'tsx', path.join(tools, tool), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...variables },
  });

describe('a tool says in one line what is wrong, and changes nothing', function () {
  const clients = 'clients/clients.ts';
  const passwords = 'passwords/common-passwords.ts';
  for (const [tool, args, expected, variables] of [
    [
      clients,
      ['cobol'],
      /^there is no client for cobol; use: npm run clients -- \[typescript \| python \| go \| java …\]/,
    ],
    [clients, ['toString'], /^there is no client for toString; use: /],
    [clients, ['go'], /^GO_MODULE is not a module path, such as .*; use: /, { GO_MODULE: 'our module' }],
    [clients, ['java'], /^MAVEN_GROUP is not a groupId, such as .*; use: /, { MAVEN_GROUP: 'org..acme' }],
    [passwords, [], /^use: npm run passwords:common -- FILE\n$/],
    [passwords, ['/nowhere'], /^\/nowhere can't be read \(ENOENT\); check the path/],
    [passwords, [import.meta.filename], /has only \d+ passwords to refuse; name a file/],
  ] as [string, string[], RegExp, Record<string, string>?][]) {
    it(`${tool} ${args.map((arg) => path.basename(arg)).join(' ')} ${Object.keys(variables ?? {}).join(' ')}`, () => {
      const { status, stdout, stderr } = run(tool, args, variables);

      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
      expect(stderr).to.match(expected);
      expect(stderr.trim().split('\n')).to.have.length(1);
    });
  }

  it('and the clients list their languages', () => {
    expect(run(clients, ['--help'])).to.include({ status: 0, stderr: '' });
  });
});
