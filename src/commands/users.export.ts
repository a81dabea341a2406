import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { operator } from '../features/audit/audit-event.ts';
import { insertEvent } from '../features/audit/audit.repository.ts';
import { countUsersToExport, readUserLines } from '../features/users/transfer/export.repository.ts';
import type { Db } from '../platform/database/database.ts';
import { CommandError } from '../process/failure.ts';
import { createProgress } from '../process/progress.ts';
import { waitForSignal } from '../process/signals.ts';
import { visitDatabase } from '../process/visit.ts';

/** Writes all users with their hashes to a file, which must not exist yet, or to standard output. */
export async function exportUsers(file: string | undefined): Promise<void> {
  await visitDatabase(async (db) => {
    // Committed before any data leaves.
    await insertEvent(db, { ...operator, type: 'users.exported', outcome: 'success' });
    const count = await (file === undefined ? writeUsers(db, process.stdout, false) : writeFile(db, file));
    process.stderr.write(
      `${count} ${count === 1 ? 'user' : 'users'} exported with their password hashes: protect them as you protect the database\n`,
    );
  });
}

/** The file appears once it is complete; only its owner may read it. */
async function writeFile(db: Db, file: string): Promise<number> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    const count = await writeUsers(db, createWriteStream(partial, { flags: 'wx', mode: 0o600 }), true);
    await link(partial, file);
    return count;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CommandError(`${file} already exists; name another file`);
    if (code === 'ABORT_ERR') throw new CommandError('interrupted; nothing was kept', { status: 130 });
    throw syscall === undefined ? error : new CommandError(`${file} can't be written (${code ?? syscall})`);
  } finally {
    await rm(partial, { force: true });
  }
}

async function writeUsers(db: Db, output: Writable, end: boolean): Promise<number> {
  const total = await countUsersToExport(db);
  const progress = createProgress({ output: process.stderr, total, noun: 'users' });
  const interruption = new AbortController();
  void waitForSignal('SIGINT', 'SIGTERM').then(() => interruption.abort());
  let count = 0;
  async function* lines() {
    for await (const some of readUserLines(db)) {
      yield some.join('');
      count += some.length;
      progress.update(count, count);
    }
  }
  try {
    await pipeline(Readable.from(lines()), output, { end, signal: interruption.signal });
  } catch (error) {
    // The reader, such as head, closed the pipe.
    const { code } = error as NodeJS.ErrnoException;
    if (end || code !== 'EPIPE') throw error;
  } finally {
    progress.end();
  }
  return count;
}
