import type { Db } from '../database/database.ts';
import { fail, ok, type Finding } from './findings.ts';

const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** Whether the server ends what takes too long, in a session such as those of the pool. */
export async function checkTimeouts(db: Db): Promise<Finding[]> {
  const { rows } = await db.raw<{ rows: { name: string; setting: string }[] }>(
    'select name, setting from pg_settings where name = any(?)',
    [names],
  );
  const missing = rows.filter(({ setting }) => setting === '0').map(({ name }) => name);
  if (missing.length === 0) return [ok('timeouts', 'statements, locks and idle transactions are bounded')];
  return missing.map((name) => {
    const remedy = `a pooler keeps Latchkey from setting it, so run: alter role … set ${name} = '10s'`;
    return fail('timeouts', `${name} is not set, so that one slow statement can hold up all others`, remedy);
  });
}
