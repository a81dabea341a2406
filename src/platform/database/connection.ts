import type { Socket } from 'node:net';
import pg from 'pg';
import { parseTimestamps } from './timestamps.ts';

/** The driver's connection to PostgreSQL. */
export type Connection = pg.Client;

/** How to connect; times in milliseconds. */
export interface ConnectOptions {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

type Parameters = Readonly<Record<string, string>>;

// The formats that the driver can parse, whatever the server, database or role is set to. Poolers pass these on as well.
const formats: Parameters = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

function parametersOf(options: ConnectOptions): Parameters {
  const { statementTimeoutMs } = options;
  return {
    ...formats,
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    // Our transactions lock what they read; a stricter level would make unrelated requests fail each other.
    default_transaction_isolation: 'read committed',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(statementTimeoutMs),
    // Expires before a server that was frozen reads a COMMIT whose client was answered long ago.
    idle_in_transaction_session_timeout: String(validMs(options)),
  };
}

// How long after it was sent a statement may still take effect. The caller waits longer than that.
function validMs({ statementTimeoutMs, connectTimeoutMs }: ConnectOptions): number {
  return statementTimeoutMs === 0 ? 0 : Math.round(statementTimeoutMs + connectTimeoutMs / 2);
}

// A frozen server, or a broken network, sends nothing at all, not even that a statement timed out.
function closeWhenSilent(connection: Connection, { statementTimeoutMs, connectTimeoutMs }: ConnectOptions): void {
  if (statementTimeoutMs === 0) return;
  const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
  stream.setTimeout(statementTimeoutMs + connectTimeoutMs, () => stream.destroy());
}

// PgBouncer answers "unsupported startup parameter", other poolers "feature not supported".
const refusals = new Set(['08P01', '0A000']);

/**
 * Connects and sets the session's parameters in the startup message, without a round trip. A transaction pooler refuses parameters
 * that outlive a transaction; set those on the role then: `alter role … set …`.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const connection = await open(options, parametersOf(options)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && refusals.has(String(error.code)))) throw error;
    return open(options, formats);
  });
  closeWhenSilent(connection, options);
  const validFor = validMs(options);
  if (validFor > 0) clocks.set(connection, { ...(await readClock(connection)), validFor });
  return connection;
}

/** The server's clock, in milliseconds since 1970, at a moment `at` of this process's monotonic clock. */
interface Clock {
  readonly serverMs: number;
  readonly at: number;
}

const clocks = new WeakMap<object, Clock & { readonly validFor: number }>();

async function readClock(connection: Connection): Promise<Clock> {
  const { rows } = await connection.query<{ serverMs: number }>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as "serverMs"`,
  );
  return { serverMs: rows[0]?.serverMs ?? Infinity, at: performance.now() };
}

/**
 * The deadline, in seconds since 1970 by the server's clock, for a statement that is sent now. A server that was frozen executes what
 * is in its buffer even if the client has gone, so the statement itself must check the deadline.
 */
export function deadlineOf(connection: object): number {
  const clock = clocks.get(connection);
  return clock ? (clock.serverMs + (performance.now() - clock.at) + clock.validFor) / 1000 : Infinity;
}

async function open({ url, connectTimeoutMs }: ConnectOptions, parameters: Parameters): Promise<Connection> {
  const settings = { connectionString: url, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true };
  const connection = new pg.Client({ ...settings, application_name: 'latchkey' });
  connection.on('error', () => {}); // the pending query rejects
  parseTimestamps(connection);
  // The driver supports only some of the parameters of a startup message.
  const driver = connection as pg.Client & { getStartupConf: () => Parameters };
  const usual = driver.getStartupConf.bind(driver);
  driver.getStartupConf = () => ({ ...parameters, ...usual() });
  await connection.connect();
  return connection;
}
