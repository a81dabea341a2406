import { ServiceError } from '../errors.ts';

// SQLSTATE classes and codes of transient errors: connection failures, a refused role or database (a password was changed), exhausted
// resources, shutdown, timeouts, a read-only standby, a transaction that was idle for too long.
const transient = /^(08|28|3D|53|57P|57014|55P03|40|25006|25P0[34])/;
// A certificate that is not trusted or has expired.
const tls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
// Whatever keeps a connection from being made: a socket that is missing (ENOENT) or forbidden (EACCES), no route, no free port.
const connecting = new Set(['connect', 'getaddrinfo']);
// knex puts the statement in front of the driver's message.
const messages =
  /(^| - )(Connection terminated|timeout expired|Client has encountered a connection error|Unable to acquire|SASL: |The server does not support SSL)/i;

/** Turns an error that means "the database is unavailable" into a `service_unavailable`; returns any other error unchanged. */
export function translateDatabaseError(error: unknown): unknown {
  if (!isDatabaseUnavailable(error)) return error;
  return new ServiceError('service_unavailable', { retryAfterSeconds: 5, cause: error });
}

function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError' || messages.test(error.message)) return true;
  const code = 'code' in error ? String(error.code) : '';
  if ('syscall' in error && connecting.has(String(error.syscall))) return true;
  if (network.has(code) || tls.test(code) || (code.length === 5 && transient.test(code))) return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseUnavailable)) return true;
  // Objection wraps the driver's error.
  return 'nativeError' in error && isDatabaseUnavailable(error.nativeError);
}

/** Whether PostgreSQL aborted a statement over a conflict with another (40P01, 40001); it had no effect and can be retried. */
export function isContention(error: unknown): boolean {
  return isFromPostgres(error) && error.code.startsWith('40');
}

/** The reason of a database error, in PostgreSQL's words or ours, without the statement and what knex and Objection add. */
export function reasonOf(error: unknown): string {
  const { name, message = '', code } = error as { name?: string; message?: string; code?: string };
  // The driver's timeout, or the pool's, whose message suggests a full pool.
  if (name === 'KnexTimeoutError' || message === 'timeout expired')
    return 'no answer within DATABASE_CONNECT_TIMEOUT_MS';
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const words = startsAsStatement.test(message) ? message.slice(message.lastIndexOf(' - ') + 3) : message;
  return [words, code].find(Boolean) ?? 'no answer';
}

// knex puts the statement in front of the driver's message.
const startsAsStatement = /^(select|insert|update|delete|with|create|alter|drop|begin|commit|rollback|set|do)\b.* - /is;

/** Whether an error comes from PostgreSQL itself: those have a SQLSTATE and a severity. */
export function isFromPostgres(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && 'severity' in error;
}
