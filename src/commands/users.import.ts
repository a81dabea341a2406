import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import { insertEvent } from '../features/audit/audit.repository.ts';
import * as importRepository from '../features/users/transfer/import.repository.ts';
import { createImportService, type RefusedLine, type Tally } from '../features/users/transfer/import.service.ts';
import { readLines } from '../features/users/transfer/ndjson.ts';
import type { Database } from '../platform/database/database.ts';
import { CommandError } from '../process/failure.ts';
import { createProgress } from '../process/progress.ts';
import { waitForSignal } from '../process/signals.ts';
import { visitDatabase } from '../process/visit.ts';

interface Import {
  readonly file: string;
  /** Where each reason to refuse a line is written, as a line of JSON. */
  readonly refusedFile: string;
  readonly isDryRun: boolean;
}

/** Adds the users in a file. The exit status is 1 if any were refused, and 130 if it was interrupted. */
export async function importUsers(request: Import): Promise<void> {
  const source = await openSource(request.file);
  try {
    await visitDatabase(async (_db, database) => {
      const refused = await createRefusedFile(request.refusedFile);
      try {
        await run(request, { source, refused, database });
      } finally {
        await refused.close();
      }
    });
  } finally {
    await source.close();
  }
}

interface Parts {
  readonly source: Source;
  readonly refused: FileHandle;
  readonly database: Database;
}

async function run(request: Import, { source, refused, database }: Parts): Promise<void> {
  const { file, isDryRun, refusedFile } = request;
  const service = createImportService({ database, users: importRepository, audit: { record: insertEvent } });
  const progress = createProgress({ output: process.stderr, total: source.size, noun: 'lines' });
  let signal: NodeJS.Signals | undefined;
  void waitForSignal('SIGINT', 'SIGTERM').then((name) => (signal = name));
  let bytes = 0;
  async function* chunks() {
    for await (const chunk of source.chunks) {
      if (bytes === 0) refuseOtherForms(chunk, file);
      bytes += chunk.length;
      yield chunk;
    }
  }
  let lastLine = 0;
  const report = async (lines: readonly RefusedLine[], tally: Readonly<Tally>) => {
    lastLine = tally.lastLine;
    if (lines.length > 0) await refused.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    progress.update(bytes, tally.lines);
  };
  const lines = readLines(chunks());
  const tally = await (isDryRun ? service.dryRun : service.run)(lines, {
    report,
    shouldStop: () => signal !== undefined,
  })
    .catch((error: unknown) => {
      if (lastLine > 0) sayHowToContinue(lastLine);
      throw error;
    })
    .finally(() => progress.end());
  if (tally.refused === 0 && (await stat(refusedFile)).isFile()) await rm(refusedFile);
  process.stdout.write(`${describeTally(tally, isDryRun)}\n`);
  if (tally.refused > 0) process.stderr.write(`${refusedFile} says why, and what to do\n`);
  if (tally.lines === 0) throw new CommandError(`there are no users in ${nameOf(file)}`);
  if (signal !== undefined) sayHowToContinue(tally.lastLine);
  process.exitCode = signal === undefined ? Number(tally.refused > 0) : 130;
}

function sayHowToContinue(lastLine: number): void {
  process.stderr.write(
    `interrupted after line ${lastLine}; run the same command again to continue: users who already exist stay as they are\n`,
  );
}

function describeTally({ added, alreadyThere, refused }: Tally, isDryRun: boolean): string {
  const numbers = [
    `${added} ${isDryRun ? 'would be imported' : 'imported'}`,
    ...(alreadyThere > 0 ? [`${alreadyThere} already there`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return `${isDryRun ? 'dry run, nothing was changed: ' : ''}${numbers.join(', ')}`;
}

interface Source {
  readonly chunks: AsyncIterable<Buffer>;
  /** In bytes; `undefined` if unknown. */
  readonly size: number | undefined;
  readonly close: () => Promise<void>;
}

async function openSource(file: string): Promise<Source> {
  if (file === '-') return { chunks: process.stdin, size: undefined, close: async () => {} };
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CommandError(`${file} is a directory; name a file`);
    const handle = await open(file);
    const chunks = handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 });
    return { chunks, size: found.isFile() ? found.size : undefined, close: () => handle.close() };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(`${file} can't be read (${code}); check the path and its permissions`);
  }
}

async function createRefusedFile(file: string): Promise<FileHandle> {
  const remedy = 'name another file for refused lines: --refused FILE';
  try {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && found.size > 0 && !(await isReport(file))) {
      throw new CommandError(`${file} exists, and is no report of an import; ${remedy}`);
    }
    return await open(file, 'w', 0o600);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(`${file} can't be written (${code}); ${remedy}`);
  }
}

// Only the report of an earlier import is overwritten, never the users that a slip of the hand may name.
const startOfReport = '{"line":';

async function isReport(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(startOfReport.length) });
    return buffer.toString('utf8', 0, bytesRead) === startOfReport;
  } finally {
    await handle.close();
  }
}

const nameOf = (file: string) => (file === '-' ? 'standard input' : file);

/** Throws a CommandError for a file whose every line would be refused. */
function refuseOtherForms(start: Buffer, file: string): void {
  const mark = start.subarray(0, 2).toString('hex');
  // Without a byte order mark, the first character tells: it is one of ASCII.
  const encoding = { fffe: 'UTF-16', feff: 'UTF-16', '7b00': 'UTF-16LE', '007b': 'UTF-16BE' }[mark];
  if (encoding !== undefined) {
    throw new CommandError(`${nameOf(file)} is UTF-16; convert it first: iconv -f ${encoding} -t UTF-8 ${file}`);
  }
  if (mark === '1f8b') throw new CommandError(`${nameOf(file)} is compressed; unpack it first: gzip -dc ${file}`);
  if (/^\uFEFF?\s*\[/.test(start.toString('utf8', 0, 100))) {
    throw new CommandError(`${nameOf(file)} is a JSON array; write one user on each line first: jq -c '.[]' ${file}`);
  }
}
