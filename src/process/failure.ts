import type { Config } from '../platform/config/config.ts';
import { ConfigurationError } from '../platform/config/env.ts';
import { isFromPostgres, reasonOf, translateDatabaseError } from '../platform/database/errors.ts';
import { EmbeddedPostgresError } from '../platform/embedded-postgres/binaries.ts';
import { MigrationError, UnfitDatabaseError, type UnmetRequirement } from '../platform/database/refusals.ts';
import { ServiceError } from '../platform/errors.ts';
import { describeDetail } from '../http/problems.ts';

/** A command failed; the message says why and names the remedy. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  /** The exit status of the process. */
  readonly status: number;

  constructor(message: string, { status = 1, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.status = status;
  }
}

/** Reports on standard error why a command failed, one line per problem, in the format of the server's log. */
export async function reportFailure(error: unknown, format: Config['log']['format']): Promise<void> {
  const lines = linesOf(error);
  if (format === 'json') {
    const [{ createLog }, { LogOutput }] = await Promise.all([
      import('../platform/log/log.ts'),
      import('../platform/log/log-output.ts'),
    ]);
    const output = new LogOutput(2);
    const log = createLog({ level: 'fatal', format }, output);
    for (const line of lines) log.fatal(line);
    output.flushSync();
  } else for (const line of lines) process.stderr.write(`latchkey: ${line}\n`);
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError) return error.problems;
  return error instanceof UnfitDatabaseError ? error.unmet.map(describeUnmet) : [describeFailure(error)];
}

/** Describes an error to people: in one line, or with a stack if it is a fault of ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigurationError) return error.problems.join('; ');
  if (error instanceof UnfitDatabaseError) return error.unmet.map(describeUnmet).join('; ');
  if ([CommandError, EmbeddedPostgresError, MigrationError].some((known) => error instanceof known)) {
    return (error as Error).message;
  }
  if (error instanceof ServiceError) {
    if (error.code !== 'validation_failed') return describeDetail(error);
    const reasons = error.violations?.map(({ pointer, message }) => `${pointer.split('/').at(-1) ?? ''} ${message}`);
    return reasons?.join('; ') ?? describeDetail(error);
  }
  if (error instanceof Error && 'code' in error && error.code === insufficientPrivilege) {
    return `the role of DATABASE_URL lacks a privilege (${reasonOf(error)}); let migrate connect as the owner of the database, with DATABASE_RUNTIME_ROLE naming the role that serves`;
  }
  if (translateDatabaseError(error) !== error) {
    return `the database of DATABASE_URL can't be used (${reasonOf(error)}); check that it runs and that the URL is right`;
  }
  if (isFromPostgres(error)) {
    return `PostgreSQL refused: ${reasonOf(error)} (${error.code}); its log has the statement`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const insufficientPrivilege = '42501';

function describeUnmet({ reason, remedy }: UnmetRequirement): string {
  return `the database can't be used: ${reason}; ${remedy}`;
}
