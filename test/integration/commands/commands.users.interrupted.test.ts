import { expect } from 'chai';
import { openDatabase } from '../../../src/platform/database/database.ts';
import { useApp } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { launch } from '../../support/process.ts';
import {
  aLine,
  ndjson,
  type Fields,
  recordedEvents,
  runUsersOn,
  useUserFiles,
  variablesFor,
} from '../../support/user-files.ts';

describe('users import, interrupted or twice at once,', function () {
  const app = useApp();
  const files = useUserFiles();
  const run = (args: string[], url = app.databaseUrl) => runUsersOn(url, args);

  it('continues after a kill: each user is added once, and all are recorded', async () => {
    const copy = await copyTemplate();
    const database = openDatabase(copy.url, { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
    try {
      const total = 30_000;
      const file = await files.write(ndjson(Array.from({ length: total }, () => aLine({ id: undefined }))));
      const count = async () => Number((await database.pool('users').count<{ count: string }[]>('*'))[0]?.count);
      const { child, finished } = launch(['users', 'import', file], variablesFor(copy.url));
      await eventually('some are there', async () => (await count()) > 0);
      child.kill('SIGKILL');
      await finished;
      const first = await eventually('the last batch has ended', async () => {
        const { rows } = await database.pool.raw<{ rows: unknown[] }>(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
        );
        return rows.length === 0 && (await count());
      });
      expect(first).to.be.greaterThan(0).and.lessThan(total);

      const { status, stdout } = await run(['import', file], copy.url);

      expect({ status, stdout }).to.deep.equal({
        status: 0,
        stdout: `${total - first} imported, ${first} already there\n`,
      });
      expect(await count()).to.equal(total);
      const recorded = (await recordedEvents(database.pool, 'users.imported')).map(({ details }) =>
        Number(details['users']),
      );
      expect(recorded.reduce((sum, part) => sum + part, 0)).to.equal(total);
    } finally {
      await database.close();
      await copy.drop();
    }
  });

  it('finishes its batch when it is interrupted, and says how to continue', async () => {
    const copy = await copyTemplate();
    try {
      const file = await files.write(ndjson(Array.from({ length: 40_000 }, () => aLine())));
      const { child, finished } = launch(['users', 'import', file], variablesFor(copy.url));
      await eventually('it imports', async () => {
        const { pool, close } = openDatabase(copy.url, {
          poolMax: 1,
          connectTimeoutMs: 5000,
          statementTimeoutMs: 10_000,
        });
        const row = await pool('users').first<object | undefined>('id');
        await close();
        return row;
      });
      child.kill('SIGINT');

      const { status, stdout, stderr } = await finished;

      expect(status).to.equal(130);
      expect(stderr).to.match(/interrupted after line \d+; run the same command again to continue/);
      const added = Number(/^(\d+) imported\n$/.exec(stdout)?.[1]);
      expect(added).to.be.greaterThan(0).and.lessThan(40_000);
      const again = await run(['import', file], copy.url);
      expect(again.stdout).to.equal(`${40_000 - added} imported, ${added} already there\n`);
    } finally {
      await copy.drop();
    }
  });

  for (const [what, second] of [
    ['the same file is imported twice at once', (lines: Fields[]) => lines],
    ['two files with the same lines in opposite order are imported at once', (lines: Fields[]) => lines.toReversed()],
  ] as const) {
    it(`adds each user once when ${what}`, async () => {
      const lines = Array.from({ length: 5000 }, () => aLine());
      const both = [await files.write(ndjson(lines)), await files.write(ndjson(second(lines)))];

      const ended = await Promise.all(both.map((file) => run(['import', file])));

      expect(ended.map(({ status, stderr }) => (status === 0 ? 'done' : stderr))).to.deep.equal(['done', 'done']);
      const added = ended.map(({ stdout }) => Number(/^(\d+) imported/.exec(stdout)?.[1]));
      expect(added.reduce((sum, part) => sum + part, 0)).to.equal(5000);
    });
  }
});
