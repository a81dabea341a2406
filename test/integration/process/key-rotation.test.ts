/** The signing key is changed while clients sign in, refresh and read, on several workers. */
import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSigningKeys, type PublicJwk } from '../../../src/platform/signing-keys.ts';
import { testEnvironment } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { runCommand, startServer, type RunningServer } from '../../support/process.ts';
import { startSteadySessions } from '../../support/steady-sessions.ts';
import { rollWorkers } from '../../support/workers.ts';

const accessTtlSeconds = 6;
// The new workers have to listen by then, also on a busy machine.
const startsIn = '30s';

describe('the signing key is changed under load', function () {
  this.timeout(300_000);
  let copy: { url: string; drop: () => Promise<void> };
  let directory: string;
  let variables: Record<string, string>;
  let server: RunningServer;

  before('start a server with two workers that sign with a secret', async () => {
    copy = await copyTemplate();
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-rotation-'));
    const file = path.join(directory, 'keys.pem');
    variables = {
      ...testEnvironment(copy.url),
      LOG_LEVEL: 'info',
      WORKERS: '2',
      ACCESS_TOKEN_TTL_SECONDS: String(accessTtlSeconds),
      JWT_SIGNING_KEYS_FILE: file,
    };
    await runCommand(['keys', 'generate', '--now'], variables);
    server = await startServer(variables);
  });
  after(async () => {
    await server.stop('SIGKILL');
    await copy.drop();
    await rm(directory, { recursive: true });
  });

  const keys = async () => parseSigningKeys(await readFile(variables['JWT_SIGNING_KEYS_FILE']!, 'utf8'));
  const published = async () => {
    const { keys } = (await (await fetch(`${server.origin}/.well-known/jwks.json`)).json()) as { keys: PublicJwk[] };
    return keys;
  };

  it('and no request fails while the next key is published, signs, and the old one is retired', async () => {
    const [old] = await keys();
    const load = startSteadySessions(server.origin, { people: 3, refreshEveryMs: (accessTtlSeconds * 1000) / 2 });
    await eventually('the first key signs', () => load.kids.has(old!.id));

    const rotated = await runCommand(['keys', 'rotate', '--starts-in', startsIn], variables);
    expect(rotated.stderr).to.equal('');
    await rollWorkers(server);
    const next = (await keys()).at(-1)!;
    expect(Date.now(), 'the workers were replaced before the new key signs').to.be.below(next.signsFrom);
    expect(
      (await published()).map(({ kid }) => kid),
      'it is published',
    ).to.deep.equal([old!.id, next.id]);
    expect(load.kids.has(next.id), 'it waits').to.equal(false);
    load.verifyWith(await published());

    await eventually('the new key signs', () => load.kids.has(next.id), 90_000);
    await eventually(
      'no token of the old key is valid',
      () => Date.now() > next.signsFrom + accessTtlSeconds * 1000,
      30_000,
    );
    const retired = await runCommand(['keys', 'retire'], variables);
    expect(retired.stdout).to.include(`retired    ${old!.id}`);
    await rollWorkers(server);
    expect((await published()).map(({ kid }) => kid)).to.deep.equal([next.id]);
    const answered = load.answered();
    await eventually('clients go on', () => load.answered() > answered + 50, 30_000);

    expect(await load.stop()).to.deep.equal([]);
  });
});
