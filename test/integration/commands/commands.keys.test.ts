/** The command `keys`, on a file of its own. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parseSigningKeys } from '../../../src/platform/signing-keys.ts';
import { runCommand } from '../../support/process.ts';
import { aKey, aKeyFile } from '../../support/signing-keys.ts';

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe('the command keys', function () {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-keys-'));
    file = path.join(directory, 'keys.pem');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const run = (args: string[], variables: Record<string, string> = {}) =>
    runCommand(['keys', ...args], { NODE_ENV: 'production', JWT_SIGNING_KEYS_FILE: file, ...variables });
  const keys = async () => parseSigningKeys(await readFile(file, 'utf8'));

  it('generates a key that signs from ten minutes on, in a file that only its owner can read', async () => {
    const { status, stdout } = await run(['generate']);

    const [key] = await keys();
    expect(status).to.equal(0);
    expect(key!.algorithm).to.equal('ES256');
    expect(key!.signsFrom).to.be.within(minutes(9).getTime(), minutes(10).getTime());
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(stdout).to.include(`added      ${key!.id} (ES256), which signs from 20`);
    expect(stdout).to.match(/restart each of them before 20.*, or send SIGHUP/);
    expect(stdout).not.to.include('PRIVATE');
  });

  it('generates where the server looks in development', async () => {
    const variables = { NODE_ENV: 'development', DATA_DIR: directory, JWT_SIGNING_KEYS_FILE: '' };

    expect((await run(['generate', '--now', '--algorithm', 'RS256'], variables)).status).to.equal(0);

    expect(await readdir(directory)).to.deep.equal(['signing-keys.pem']);
  });

  it('rotates: adds a key of the same algorithm, removes unused ones, and keeps the mode, the link and the texts', async () => {
    const real = path.join(directory, 'real.pem');
    const current = `# spring\n${aKey(minutes(-60), 'RS256')}`;
    await writeFile(real, aKeyFile(minutes(-120)) + current);
    await chmod(real, 0o640);
    await symlink(real, file);
    const [old, signing] = await keys();

    const { stdout } = await run(['rotate', '--starts-in', '2h']);

    const [first, second, ...others] = await keys();
    expect([first!.id, others.length]).to.deep.equal([signing!.id, 0]);
    expect(second!.algorithm).to.equal('RS256');
    expect(second!.signsFrom).to.be.above(minutes(119).getTime());
    expect(stdout).to.include(`retired    ${old!.id}`);
    expect((await stat(real)).mode & 0o777).to.equal(0o640);
    expect(await readFile(real, 'utf8')).to.include('# spring\nSigns from: ');
    expect((await readdir(directory)).sort()).to.deep.equal(['keys.pem', 'real.pem']);
  });

  it('lists each key with what it does, and what to do next', async () => {
    const text = aKeyFile(minutes(-60), minutes(-5), minutes(5));
    await writeFile(file, text);
    const [old, signing, waiting] = parseSigningKeys(text);

    const { stdout } = await run(['list']);

    expect(stdout.split('\n').map((line) => line.split(/ +(?:since|from) /)[0])).to.deep.equal([
      `superseded ES256  ${old!.id}`,
      `signing    ES256  ${signing!.id}`,
      `waiting    ES256  ${waiting!.id}`,
      stdout.split('\n')[3],
      '',
    ]);
    expect(stdout).to.match(/; can be retired from 20.*\n/);
    expect(stdout).to.match(/next: every server must have the waiting key before 20/);
    const { stdout: json } = await run(['list', '--json']);
    expect((JSON.parse(json) as { keys: { state: string }[] }).keys.map(({ state }) => state)).to.deep.equal([
      'superseded',
      'signing',
      'waiting',
    ]);
  });

  it('names the next command with the file that this one was given', async () => {
    const other = path.join(directory, 'other.pem');
    const named = `--file ${other}`;

    expect((await run(['list', '--file', other])).stdout).to.equal(
      `no keys in ${other}: JWT_SECRETS signs (HS256); to add one: npm run keys -- generate ${named}\n`,
    );
    await writeFile(other, aKeyFile(undefined));
    expect((await run(['list', '--file', other])).stdout).to.include(`npm run keys -- rotate ${named}\n`);
    expect((await run(['retire', 'unknown', '--file', other])).stderr).to.include(`npm run keys -- list ${named}\n`);
    await writeFile(other, aKeyFile(undefined, minutes(5)));
    expect((await run(['rotate', '--file', other])).stderr).to.match(/npm run keys -- retire \S+ --force --file /);
  });

  it('says what to do about a file that it cannot read', async () => {
    const utf16 = path.join(directory, 'utf16.pem');
    await writeFile(utf16, aKey(), 'utf16le');

    expect((await run(['list', '--file', utf16])).stderr).to.match(/\(it is not UTF-8\); save it as UTF-8\n$/);
    expect((await run(['list', '--file', directory])).stderr).to.match(/\(EISDIR\); name a file, not a directory\n$/);
  });

  it('lists keys in the variable, and says how to change them', async () => {
    const variables = { JWT_SIGNING_KEYS_FILE: '', JWT_SIGNING_KEYS: aKey() };

    expect((await run(['list'], variables)).stdout).to.match(/^signing {4}ES256 {2}\S{43} {2}since always\n/);
    expect((await run(['rotate'], variables)).stderr).to.match(
      /the keys are in JWT_SIGNING_KEYS itself; save its value/,
    );
  });

  const refusals: [string, () => string, string[], RegExp][] = [
    [
      'rotating while a key waits',
      () => aKeyFile(undefined, minutes(5)),
      ['rotate'],
      /is waiting to sign from .*rotate after/,
    ],
    ['retiring nothing', () => aKeyFile(undefined, minutes(-5)), ['retire'], /no key can be retired yet/],
    ['retiring the last', () => aKey(), ['retire', 'SIGNING', '--force'], /the last key stays/],
    ['an unknown key', () => aKey(), ['retire', 'unknown'], /there is no key unknown/],
    ['a damaged file', () => aKey().slice(0, 80), ['generate'], /is not PEM, or was cut short/],
    ['an unknown algorithm', () => aKey(), ['generate', '--algorithm', 'HS256'], /choose ES256 or RS256/],
    ['two starts', () => aKey(), ['generate', '--now', '--starts-in', '1h'], /give either --now or --starts-in/],
    ['a start that is not a time', () => aKey(), ['rotate', '--starts-in', 'soon'], /is not a time such as 90s/],
    ["another action's option", () => aKey(), ['list', '--force'], /use: /],
    ['no action', () => aKey(), [], /use: /],
  ];
  for (const [what, make, args, expected] of refusals) {
    it(`refuses ${what}, and changes nothing`, async () => {
      const text = make();
      await writeFile(file, text);
      const id = text.endsWith('-----\n') ? parseSigningKeys(text)[0]!.id : '';

      const { status, stderr } = await run(args.map((argument) => argument.replace('SIGNING', id)));

      expect(status).not.to.equal(0);
      expect(stderr).to.match(expected);
      expect(await readFile(file, 'utf8')).to.equal(text);
      expect(await readdir(directory)).to.deep.equal(['keys.pem']);
    });
  }

  it('names what would fail before it removes a key that is needed', async () => {
    const text = aKeyFile(minutes(-60), minutes(-5));
    await writeFile(file, text);
    const [old, signing] = parseSigningKeys(text);

    const ofOld = await run(['retire', old!.id]);
    const ofSigning = await run(['retire', signing!.id]);
    const forced = await run(['retire', old!.id, '--force']);

    expect(ofOld.stderr).to.match(
      /signed are valid until 20.*, and would be refused; to remove it anyway, add --force/,
    );
    expect(ofSigning.stderr).to.include('is the key that signs, and every access token it signed would be refused');
    expect(forced.status).to.equal(0);
    expect((await keys()).map(({ id }) => id)).to.deep.equal([signing!.id]);
  });

  it('lets only one command at a time change the file', async () => {
    await writeFile(`${file}.next`, '');

    expect((await run(['generate'])).stderr).to.match(
      /another command is changing .*; if there is none, remove .*\.next/,
    );
  });
});
