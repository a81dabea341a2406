/** Files for the command `users`, and what it makes of them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '../../src/platform/database/database.ts';
import { runCommand, type Finished } from './process.ts';

export type Fields = Record<string, unknown>;

/** bcrypt of `knownPassword`, as made elsewhere. */
export const foreignHash = '$2a$05$gm/9XMlTCGiC7vO4.cVQ5eBoBy2OPQeXFj5e1MUiedzYCV2IGpqAq';
export const knownPassword = 'seven green kites, Zürich';

export const ndjson = (lines: readonly Fields[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A user of a file, whose address no other has. */
export function aLine(changes: Fields = {}): Fields & { email: string } {
  const email = `line-${randomBytes(6).toString('hex')}@example.com`;
  return { id: randomUUID(), email, full_name: 'Ada Quill', password_hash: foreignHash, ...changes };
}

/** A reason to refuse a line, as the command reports it. */
export interface Refused {
  readonly line: number;
  readonly field?: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Provides a directory for the suite's files. */
export function useUserFiles() {
  let directory: string;
  before(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'latchkey-users-'))));
  after(() => rm(directory, { recursive: true }));
  return {
    pathOf: (name: string) => path.join(directory, name),
    async write(content: string | Uint8Array): Promise<string> {
      const file = path.join(directory, `${randomUUID()}.ndjson`);
      await writeFile(file, content);
      return file;
    },
    /** What an import of this file refused. */
    async refusalsOf(file: string): Promise<Refused[]> {
      const lines = (await readFile(`${file}.refused.ndjson`, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Refused);
    },
  };
}

export const variablesFor = (url: string) => ({
  DATABASE_URL: url,
  DATA_DIR: path.join(tmpdir(), 'latchkey-commands'),
});

/** Runs the command `users` on a database. */
export function runUsersOn(url: string, args: readonly string[], input?: string): Promise<Finished> {
  return runCommand(['users', ...args], variablesFor(url), input);
}

export function recordedEvents(db: Db, type: string): Promise<{ details: Fields; user_id: string | null }[]> {
  return db('audit_events').where({ type }).orderBy('created_at').select('details', 'user_id');
}
