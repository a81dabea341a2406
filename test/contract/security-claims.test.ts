/** What .github/SECURITY.md and .github/ASVS.md say can be looked up: the tests and files that they name are there. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const pages = ['.github/SECURITY.md', '.github/ASVS.md'];
const namesOf = (page: string) => [...readFileSync(page, 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, name]) => name!);
const names = [...new Set(pages.flatMap(namesOf))];
const claims = names.filter((name) => name.includes(' › ')).map((claim) => claim.split(' › '));

describe('what is said about security', () => {
  it('names tests, or groups of tests, that exist', async () => {
    const titles = await titlesOf([...new Set(claims.map(([file]) => file!))].filter((file) => existsSync(file)));

    const missing = claims.filter(([file, ...claim]) => !titles[file!]?.some((title) => holds(title, claim)));
    expect(missing.map((claim) => claim.join(' › '))).to.deep.equal([]);
    expect(claims.length).to.be.above(100);
  });

  it('names files that exist', () => {
    const files = names.filter((name) => /^(?:src|openapi|generated|migrations|docker|\.github)\/\S*$/.test(name));

    expect(files.filter((file) => !existsSync(file))).to.deep.equal([]);
    expect(files).not.to.be.empty;
  });

  it('speaks of each requirement once, and says of each whether it is met', () => {
    const rows = [...readFileSync('.github/ASVS.md', 'utf8').matchAll(/^\| (\d+\.\d+\.\d+) +\| (\d) +\| (.+?) +\|/gm)];
    const verdicts = rows.map(([, , , verdict]) => verdict);

    expect(new Set(rows.map(([, id]) => id)).size).to.equal(130);
    expect(rows).to.have.length(130);
    expect(verdicts.filter((verdict) => !['met', 'partly', 'not met', 'not applicable'].includes(verdict!))).to.be
      .empty;
  });

  it('counts what is met as the table does', () => {
    const table = readFileSync('.github/ASVS.md', 'utf8');
    const count = (verdict: string) => table.match(new RegExp(`\\| ${verdict} +\\|`, 'g'))?.length ?? 0;
    const counts = ['met', 'partly', 'not met', 'not applicable'].map((verdict) => `${count(verdict)} ${verdict}`);

    expect(table).to.include(`${counts.join(', ')}.`);
  });
});

/** Whether a title, from the outermost suite to the test, has these parts one after the other. */
function holds(title: readonly string[], claim: readonly string[]): boolean {
  return title.some((_part, start) => claim.every((part, index) => title[start + index] === part));
}

async function titlesOf(files: readonly string[]): Promise<Record<string, string[][]>> {
  const args = ['--import', 'tsx', '--no-experimental-require-module', 'test/support/titles.ts', ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Record<string, string[][]>;
}
