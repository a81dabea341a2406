import type { Db } from '../platform/database/database.ts';
import { isUuid } from '../platform/formats/uuid.ts';
import { dropJob, listJobs, retryJob, type JobOverview } from '../platform/jobs/overview.repository.ts';
import { readArguments } from '../process/arguments.ts';
import { CommandError } from '../process/failure.ts';
import { callOf } from '../process/usage.ts';
import { visitDatabase } from '../process/visit.ts';

/** What a command does in the database; returns its output. */
type Action = (db: Db) => Promise<string>;

/** `jobs list` lists the jobs that are waiting, running or dead; `jobs retry` runs one now, `jobs drop` deletes one. */
export async function runJobs(args: string[]): Promise<void> {
  const action = readAction(args);
  await visitDatabase(async (db) => void process.stdout.write(`${await action(db)}\n`));
}

/** What these arguments ask for. */
export function readAction(args: string[]): Action {
  const { values, positionals } = readArguments('jobs', args, { json: { type: 'boolean' } });
  const [name, id = ''] = positionals;
  if (name === 'retry') return (db) => change(db, id, retryJob, `${id} is due now`);
  if (name === 'drop') return (db) => change(db, id, dropJob, `${id} was dropped`);
  return values.json ? listForPrograms : listForPeople;
}

async function change(db: Db, id: string, work: typeof retryJob, done: string): Promise<string> {
  const changed = isUuid(id) ? await work(db, id) : undefined;
  if (changed === 'replaced') throw new CommandError(`a newer job does the work of ${id}; drop this one`);
  if (!changed) throw new CommandError(`no job ${id} is waiting or dead; see ${callOf('jobs', 'list')}`);
  return done;
}

const maxLines = 100;

async function listForPeople(db: Db): Promise<string> {
  const jobs = await listJobs(db, maxLines + 1);
  if (jobs.length === 0) return 'no jobs';
  const width = Math.max(...jobs.map(({ name }) => name.length));
  const lines = jobs.slice(0, maxLines).map((job) => describeJob(job, width));
  return [...lines, ...(jobs.length > maxLines ? ['… and more; --json lists all'] : [])].join('\n');
}

function describeJob({ id, name, state, attempts, createdAt, runAt, lastError }: JobOverview, width: number): string {
  const due = state === 'waiting' && runAt.getTime() > Date.now() ? `, due in ${describeSpan(runAt)}` : '';
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const error = lastError === null ? '' : `: ${lastError}`;
  return `${state.padEnd(7)}  ${id}  ${name.padEnd(width)}  enqueued ${describeSpan(createdAt)} ago${due}, ${tried}${error}`;
}

function describeSpan(time: Date): string {
  const seconds = Math.round(Math.abs(Date.now() - time.getTime()) / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

async function listForPrograms(db: Db): Promise<string> {
  return JSON.stringify({ jobs: await listJobs(db) }, undefined, 2);
}
