import { expect } from 'chai';
import createKnex from 'knex';
import { DBError, UniqueViolationError } from 'objection';
import { translateDatabaseError } from '../../../src/platform/database/errors.ts';
import { ServiceError } from '../../../src/platform/errors.ts';

const withCode = (code: string) => Object.assign(new Error('something'), { code });
// Objection's types don't declare the constructors of its errors.
const wrapped = (Kind: typeof DBError, nativeError: Error): unknown =>
  Reflect.construct(Kind, [{ nativeError, client: 'postgres', table: 'users', columns: ['email'], constraint: 'key' }]);

describe('database errors', () => {
  const away: [string, unknown][] = [
    ...[
      '08000',
      '08006',
      '28P01',
      '3D000',
      '53300',
      '53200',
      '57P01',
      '57P03',
      '57014',
      '55P03',
      '40001',
      '40P01',
      '25006',
      '25P03',
    ].map((code): [string, unknown] => [`SQLSTATE ${code}`, withCode(code)]),
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].map(
      (code): [string, unknown] => [code, withCode(code)],
    ),
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'].map(
      (code): [string, unknown] => [code, withCode(code)],
    ),
    ['a missing socket', Object.assign(withCode('ENOENT'), { syscall: 'connect' })],
    ['a socket that the user may not open', Object.assign(withCode('EACCES'), { syscall: 'connect' })],
    ['a server without TLS', new Error('The server does not support SSL connections')],
    ['a pool that has no connection', new createKnex.KnexTimeoutError('Timeout acquiring a connection.')],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ['a connection that ended, as knex tells it', new Error('ROLLBACK - Connection terminated unexpectedly')],
    ['a connection that took too long', new Error('timeout expired')],
    ['a connection that broke', new Error('Client has encountered a connection error and is not queryable')],
    ['a refusal by each address of a host', new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')])],
    ['what Objection wraps', wrapped(DBError, withCode('57014'))],
  ];
  for (const [what, error] of away) {
    it(`treats ${what} as transient and keeps the cause`, () => {
      const translated = translateDatabaseError(error);

      expect(translated).to.be.instanceOf(ServiceError);
      expect(translated).to.include({ code: 'service_unavailable', retryAfterSeconds: 5, cause: error });
    });
  }

  const others: [string, unknown][] = [
    ['a unique violation', wrapped(UniqueViolationError, withCode('23505'))],
    ['a missing table', withCode('42P01')],
    ['a missing file', Object.assign(withCode('ENOENT'), { syscall: 'open' })],
    ['a missing privilege', withCode('42501')],
    ['a value of the wrong type', withCode('22P02')],
    ['a transaction that failed before', withCode('25P02')],
    ['a code of another length', withCode('0800')],
    ['a missing file', withCode('ENOENT')],
    ['a fault', new TypeError('x is not a function')],
    ['a fault that speaks of timeouts', new Error('the timeout expired')],
    ['several faults', new AggregateError([new Error('one'), withCode('42P01')])],
    ['a refusal', new ServiceError('not_found')],
    ['a text', 'Connection terminated'],
    ['nothing', undefined],
    ['an object with a code', { code: '08006' }],
  ];
  for (const [what, error] of others) {
    it(`returns ${what} unchanged`, () => {
      expect(translateDatabaseError(error)).to.equal(error);
    });
  }
});
