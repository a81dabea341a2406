import { ConfigurationError } from '../config/env.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { MigrationError } from '../database/migration-lock.ts';
import { EmbeddedPostgresError } from '../database/postgres-binaries.ts';
import { ServiceError } from '../errors.ts';
import { describeDetail } from '../http/problems.ts';

/** A command that can't do what it was asked to; its message says why and what would help. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What a person at the terminal is told when a command fails: one line a problem; a stack only for a fault of ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigurationError) return error.problems.join('\nlatchkey: ');
  if ([CommandError, EmbeddedPostgresError, MigrationError].some((known) => error instanceof known)) {
    return (error as Error).message;
  }
  if (error instanceof ServiceError) {
    const reasons = error.violations?.map(({ pointer, message }) => `${pointer.split('/').at(-1) ?? ''} ${message}`);
    return reasons?.join('; ') ?? describeDetail(error);
  }
  if (isAddressError(error)) return describeAddress(error);
  if (isForbidden(error)) {
    return `the role of DATABASE_URL may not do this (${reason(error)}); let it own the database, or grant it create on the schema`;
  }
  if (translateDatabaseError(error) !== error) {
    return `the database of DATABASE_URL can't be used (${reason(error)}); check that it runs and that the URL is right`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

interface AddressError extends Error {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
}

// A worker's primary listens for it, so that its own call is another one.
function isAddressError(error: unknown): error is AddressError {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'bind');
}

function describeAddress({ code, address, port, message }: AddressError): string {
  const where = `${address ?? ''}:${port ?? ''}`;
  if (code === 'EADDRINUSE') return `${where} is in use; stop what listens there or set another PORT`;
  if (code === 'EACCES') return `${where} may not be used; set a PORT of 1024 or more`;
  return `can't listen: ${message}; check HOST and PORT`;
}

// SQLSTATE: insufficient privilege.
function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501';
}

function reason(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return [message, code].find(Boolean) ?? 'no answer';
}
