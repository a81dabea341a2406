import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { useDatabase } from '../../support/database.ts';
import { main, runCommand } from '../../support/process.ts';

describe('the command audit', function () {
  const database = useDatabase();
  const variables = () => ({ DATABASE_URL: database.url, DATA_DIR: path.join(tmpdir(), 'latchkey-commands') });
  const run = (...args: string[]) => runCommand(['audit', ...args], variables());
  const [ada, grace] = [randomUUID(), randomUUID()];
  const many = 2500;

  before('record events of three days', async () => {
    const days = ['2026-01-01', '2026-01-02', '2026-01-03'];
    const rows = days.flatMap((day) => [
      { id: randomUUID(), user_id: ada, created_at: `${day}T12:00:00Z`, type: 'user.renamed', outcome: 'success' },
      { id: randomUUID(), user_id: grace, created_at: `${day}T13:00:00Z`, type: 'user.renamed', outcome: 'success' },
    ]);
    await database.db('audit_events').insert(rows);
    await database.db.raw(`
      insert into audit_events (id, created_at, type, outcome, request_id)
      select gen_random_uuid(), '2025-01-01'::timestamptz + n * interval '1 second', 'session.start_failed', 'failure', n
      from generate_series(1, ${many}) as n`);
  });

  interface Line {
    readonly user_id: string;
    readonly created_at: string;
    readonly request_id: string;
  }
  const linesOf = (stdout: string) =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);

  it('exports what is about one user, the oldest first, as the API would show it', async () => {
    const { status, stdout, stderr } = await run('export', '--user', ada.toUpperCase());

    const lines = linesOf(stdout);
    expect(lines.map(({ user_id: id, created_at: at }) => `${id} ${at.slice(0, 10)}`)).to.deep.equal([
      `${ada} 2026-01-01`,
      `${ada} 2026-01-02`,
      `${ada} 2026-01-03`,
    ]);
    expect(lines[0]).to.include({ type: 'user.renamed', outcome: 'success', actor_id: null }).and.have.property('id');
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '3 events exported\n' });
  });

  it('exports from a day or a moment to another', async () => {
    const { stdout } = await run('export', '--from', '2026-01-01T12:30:00Z', '--to', '2026-01-03');

    expect(linesOf(stdout).map(({ created_at: at }) => at.slice(0, 13))).to.deep.equal([
      '2026-01-01T13',
      '2026-01-02T12',
      '2026-01-02T13',
    ]);
  });

  it('exports more than one batch, each event once', async () => {
    const { stdout } = await run('export', '--to', '2026-01-01');

    const expected = Array.from({ length: many }, (_, index) => String(index + 1));
    expect(linesOf(stdout).map(({ request_id: id }) => id)).to.deep.equal(expected);
  });

  it('exports nothing where there is nothing', async () => {
    const nothing = { status: 0, stdout: '', stderr: '0 events exported\n' };
    expect(await run('export', '--from', '2027-01-01')).to.deep.equal(nothing);
  });

  it('ends quietly when its reader has had enough', async () => {
    const line = `"${process.execPath}" "${main}" audit export | head -n 1; test "\${PIPESTATUS[0]}" = 0`;
    const { stdout } = await promisify(execFile)('bash', ['-c', line], { env: { ...process.env, ...variables() } });
    expect(linesOf(stdout)).to.have.length(1);
  });

  for (const [args, message] of [
    [
      [],
      /^latchkey: say what audit should do; use: npm run audit -- export \[--from TIME\] \[--to TIME\] \[--user ID\]\n$/,
    ],
    [['import'], /use: npm run audit -- export/],
    [['export', '--since', '2026-01-01'], /there is no option --since; use: npm run audit -- export/],
    [['export', '--from', 'yesterday'], /--from yesterday is neither a day nor a time in UTC; write 2026-01-15 or/],
    [['export', '--to', '2026-02-30'], /--to 2026-02-30 is neither a day nor a time in UTC/],
    [['export', '--from', '0000-01-01'], /--from 0000-01-01 is neither a day nor a time in UTC/],
    [['export', '--user', 'ada', '--user', 'grace'], /--user is given twice/],
    [['export', '--user', 'ada'], /--user ada is not an id/],
  ] as [string[], RegExp][]) {
    it(`refuses ${args.join(' ') || 'no argument'}`, async () => {
      const { status, stdout, stderr } = await run(...args);
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
      expect(stderr).to.match(message);
    });
  }
});
