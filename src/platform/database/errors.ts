import { ServiceError } from '../errors.ts';

// SQLSTATE classes and codes that say "not now": connection exceptions, a role or database that is refused (a password was changed),
// resources, shutdown, timeouts, read-only standby, a transaction that did nothing for too long.
const passing = /^(08|28|3D|53|57P|57014|55P03|40|25006|25P0[34])/;
// A certificate that is not trusted, or has ended.
const tls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
// knex puts the statement before what the driver says.
const messages =
  /(^| - )(Connection terminated|timeout expired|Client has encountered a connection error|Unable to acquire|SASL: |The server does not support SSL)/i;

/** Makes a `service_unavailable` of an error that says that the database is away; gives any other error back. */
export function translateDatabaseError(error: unknown): unknown {
  if (!isDatabaseAway(error)) return error;
  return new ServiceError('service_unavailable', { retryAfterSeconds: 5, cause: error });
}

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError' || messages.test(error.message)) return true;
  const code = 'code' in error ? String(error.code) : '';
  if (network.has(code) || tls.test(code) || (code.length === 5 && passing.test(code))) return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  // Objection wraps what the driver threw.
  return 'nativeError' in error && isDatabaseAway(error.nativeError);
}

/** Whether PostgreSQL ended a statement since others were in its way (40P01, 40001); nothing of it was done, and it may be tried again. */
export function isContention(error: unknown): boolean {
  return isFromPostgres(error) && error.code.startsWith('40');
}

/** What went wrong, in PostgreSQL's words or ours: without the statement and the words of what lies between. */
export function reasonOf(error: unknown): string {
  const { name, message = '', code } = error as { name?: string; message?: string; code?: string };
  // The driver's clock and the pool's, which tells of a pool that is full.
  if (name === 'KnexTimeoutError' || message === 'timeout expired')
    return 'no answer within DATABASE_CONNECT_TIMEOUT_MS';
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const words = startsAsStatement.test(message) ? message.slice(message.lastIndexOf(' - ') + 3) : message;
  return [words, code].find(Boolean) ?? 'no answer';
}

// knex puts the statement before what the driver says.
const startsAsStatement = /^(select|insert|update|delete|with|create|alter|drop|begin|commit|rollback|set|do)\b.* - /is;

/** Whether PostgreSQL itself said it: it has a code of five letters and a severity. */
export function isFromPostgres(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && 'severity' in error;
}
