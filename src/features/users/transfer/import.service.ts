import { v7 as createId } from 'uuid';
import type { Database, Db } from '../../../platform/database/database.ts';
import { operator } from '../../audit/audit-event.ts';
import type { AuditService } from '../../audit/audit.service.ts';
import { indexHolders, judge, separate, type Candidate, type Holders } from './conflicts.ts';
import type * as importRepository from './import.repository.ts';
import { maxLineBytes, type Line } from './ndjson.ts';
import { readUserLine, type Refusal } from './user-line.ts';

/** The progress of an import: how many lines were read, and what became of them. */
export interface Tally {
  lines: number;
  /** The number of the last line that was processed. */
  lastLine: number;
  added: number;
  /** Users added by an earlier import of the same file. */
  alreadyThere: number;
  refused: number;
}

/** A line that was refused. */
export type RefusedLine = { readonly line: number } & Refusal;

export interface ImportParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly users: typeof importRepository;
  readonly audit: Pick<AuditService, 'record'>;
}

export interface ImportOptions {
  /** Reports refused lines in order, and how far the import is. */
  readonly report: (refused: readonly RefusedLine[], tally: Readonly<Tally>) => Promise<void>;
  /** Whether to stop before reading more lines. */
  readonly shouldStop: () => boolean;
}

// Lines per transaction.
const batchSize = 2000;

interface Batch {
  readonly candidates: Candidate[];
  readonly refused: RefusedLine[];
  lines: number;
  lastLine: number;
}

/** Stores the users of a batch; returns those who could not be added, and who has their ids and addresses. */
type Store = (db: Db, candidates: readonly Candidate[]) => Promise<readonly (readonly [Candidate, Holders])[]>;

/** Imports users from files. */
export function createImportService({ database, users, audit }: ImportParts) {
  /** Adds users and records it in one transaction, so that a batch is complete or absent, however the process ends. */
  const add: Store = (_db, candidates) =>
    database.transaction(async (db) => {
      await users.lockImports(db);
      const { added, rest } = separate(candidates, await users.insertUsers(db, usersOf(candidates)));
      await record(db, added);
      if (rest.length === 0) return [];
      const holders = indexHolders(await users.findHolders(db, usersOf(rest)));
      return rest.map((candidate) => [candidate, holders] as const);
    });

  /** Records one event for the batch, and one for each moderator or administrator in it. */
  async function record(db: Db, added: readonly Candidate[]): Promise<void> {
    if (added.length === 0) return;
    const details = { users: added.length, ...operator.details };
    await audit.record(db, { type: 'users.imported', outcome: 'success', details });
    for (const { user } of added) {
      if (user.role === 'user') continue;
      const ofUser = { role: user.role, ...operator.details };
      await audit.record(db, { type: 'user.created', outcome: 'success', userId: user.id, details: ofUser });
    }
  }

  /** Adds users to the table of a dry run only. */
  const tryOut: Store = async (db, candidates) => {
    const { added, rest } = separate(candidates, await users.insertDryRun(db, usersOf(candidates)));
    const inFile = indexHolders(rest.length > 0 ? await users.findDryRunHolders(db, usersOf(rest)) : []);
    const inTable = indexHolders(await users.findHolders(db, usersOf(added)));
    const held = added.filter(({ user }) => inTable.byId.has(user.id) || inTable.byEmail.has(user.email));
    return [
      ...rest.map((candidate) => [candidate, inFile] as const),
      ...held.map((candidate) => [candidate, inTable] as const),
    ];
  };

  /** Reads lines and stores users in batches; while one batch is stored, the next is read. */
  async function run(db: Db, store: Store, lines: AsyncIterable<readonly Line[]>, options: ImportOptions) {
    const tally: Tally = { lines: 0, lastLine: 0, added: 0, alreadyThere: 0, refused: 0 };
    let batch = emptyBatch();
    let pending = Promise.resolve();

    async function finish(full: Batch): Promise<void> {
      const rest = full.candidates.length > 0 ? await store(db, full.candidates) : [];
      const refused = [...full.refused];
      for (const [candidate, holders] of rest) {
        const refusal = judge(candidate, holders);
        if (refusal) refused.push({ line: candidate.line, ...refusal });
        else tally.alreadyThere += 1;
      }
      tally.lines += full.lines;
      tally.lastLine = full.lastLine;
      tally.added += full.candidates.length - rest.length;
      tally.refused += new Set(refused.map(({ line }) => line)).size;
      await options.report(
        refused.sort((one, other) => one.line - other.line),
        tally,
      );
    }
    async function pass(): Promise<void> {
      await pending;
      pending = finish(batch);
      // A rejection surfaces when this is awaited, with the next batch.
      pending.catch(() => {});
      batch = emptyBatch();
    }

    const now = new Date().toISOString();
    for await (const some of lines) {
      if (options.shouldStop()) break;
      for (const line of some) {
        read(batch, line, now);
        if (batch.lines === batchSize) await pass();
      }
    }
    await pass();
    await pending;
    return tally;
  }

  return {
    /** Imports users and reports refused lines. Throws what the database throws. */
    run: (lines: AsyncIterable<readonly Line[]>, options: ImportOptions): Promise<Tally> =>
      run(database.pool, add, lines, options),

    /** Counts what an import would do, and changes nothing. */
    dryRun: (lines: AsyncIterable<readonly Line[]>, options: ImportOptions): Promise<Tally> =>
      database.transaction(async (db) => {
        await users.createDryRunTable(db);
        return run(db, tryOut, lines, options);
      }),
  };
}

const emptyBatch = (): Batch => ({ candidates: [], refused: [], lines: 0, lastLine: 0 });

const faults: Readonly<Record<NonNullable<Line['fault']>, Refusal>> = {
  too_long: { reason: `is longer than ${maxLineBytes} bytes`, remedy: 'leave out fields that users do not have' },
  not_utf8: { reason: 'is not UTF-8 text', remedy: 'convert the file, with iconv for example' },
};

function read(batch: Batch, { number, text, fault }: Line, now: string): void {
  batch.lines += 1;
  batch.lastLine = number;
  const result = fault ? [faults[fault]] : readUserLine(text, now);
  if (isRefusal(result)) batch.refused.push(...result.map((refusal) => ({ line: number, ...refusal })));
  else {
    const user = { ...result, id: result.id ?? createId() };
    batch.candidates.push({ line: number, user, hasOwnId: result.id !== undefined });
  }
}

const isRefusal = (result: ReturnType<typeof readUserLine>): result is readonly Refusal[] => Array.isArray(result);

const usersOf = (candidates: readonly Candidate[]) => candidates.map(({ user }) => user);
