import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readEvents, type EventQuery } from '../features/audit/audit.repository.ts';
import { toWireEvent } from '../features/audit/audit.wire.ts';
import type { Db } from '../platform/database/database.ts';
import { isDateTime } from '../platform/formats/date-time.ts';
import { canonicalUuid, isUuid } from '../platform/formats/uuid.ts';
import { readArguments } from '../process/arguments.ts';
import { CommandError } from '../process/failure.ts';
import { visitDatabase } from '../process/visit.ts';

const progressEvery = 100_000;

/** `audit export` writes audit events to standard output as NDJSON, the oldest first, and its progress to standard error. */
export async function runAudit(args: string[]): Promise<void> {
  const query = readQuery(args);
  await visitDatabase((db) => exportEvents(db, query));
}

async function exportEvents(db: Db, query: EventQuery): Promise<void> {
  const say = (message: string) => process.stderr.write(`${message}\n`);
  let count = 0;
  async function* lines() {
    for await (const events of readEvents(db, query)) {
      yield events.map((event) => `${JSON.stringify(toWireEvent(event))}\n`).join('');
      const before = count;
      count += events.length;
      if (Math.floor(count / progressEvery) > Math.floor(before / progressEvery)) say(`${count} events so far`);
    }
  }
  try {
    await pipeline(Readable.from(lines()), process.stdout, { end: false });
  } catch (error) {
    // Whoever reads, such as head, has had enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
  say(`${count} ${count === 1 ? 'event' : 'events'} exported`);
}

function readQuery(args: string[]): EventQuery {
  const { values } = readArguments('audit', args, {
    from: { type: 'string' },
    to: { type: 'string' },
    user: { type: 'string' },
  });
  const { from, to, user } = values;
  if (user !== undefined && !isUuid(user)) throw new CommandError(`--user ${user} is not an id`, { status: 2 });
  return { from: momentOf('from', from), to: momentOf('to', to), userId: user && canonicalUuid(user) };
}

/** A day begins at midnight, UTC. */
function momentOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (isDateTime(moment)) return moment;
  throw new CommandError(
    `--${option} ${text} is neither a day nor a time in UTC; write 2026-01-15 or 2026-01-15T09:30:00Z`,
    {
      status: 2,
    },
  );
}
