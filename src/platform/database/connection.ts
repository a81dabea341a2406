import type { Socket } from 'node:net';
import pg from 'pg';

/** A connection to PostgreSQL, as the driver makes it. */
export type Connection = pg.Client;

/** How to connect; times in milliseconds. */
export interface ConnectOptions {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

type Parameters = Readonly<Record<string, string>>;

// What the driver reads, whatever the server, the database or the role say. Every pooler sets these for its clients too.
const readable: Parameters = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

function parametersOf(options: ConnectOptions): Parameters {
  const { statementTimeoutMs } = options;
  return {
    ...readable,
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    // Rules here lock what they read; a stricter level would make strangers' requests fail each other.
    default_transaction_isolation: 'read committed',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(statementTimeoutMs),
    // A server that was frozen finds this over before it reads a COMMIT whose client was answered long ago.
    idle_in_transaction_session_timeout: String(validMs(options)),
  };
}

// How long after it was sent a statement may still take effect: whoever sent it gives up later than that.
function validMs({ statementTimeoutMs, connectTimeoutMs }: ConnectOptions): number {
  return statementTimeoutMs === 0 ? 0 : Math.round(statementTimeoutMs + connectTimeoutMs / 2);
}

// A server that is frozen, or behind a network that is, says nothing at all: not even that a statement took too long.
function endSilence(connection: Connection, { statementTimeoutMs, connectTimeoutMs }: ConnectOptions): void {
  if (statementTimeoutMs === 0) return;
  const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
  stream.setTimeout(statementTimeoutMs + connectTimeoutMs, () => stream.destroy());
}

// PgBouncer says "unsupported startup parameter", other poolers that they don't know such a feature.
const refusals = new Set(['08P01', '0A000']);

/**
 * Connects, with the session as Latchkey needs it. It costs no round trip, since it goes with the first message. A pooler, whose
 * connections belong to no client, refuses what outlives a transaction; then the role must have it: `alter role … set …`.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const connection = await open(options, parametersOf(options)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && refusals.has(String(error.code)))) throw error;
    return open(options, readable);
  });
  endSilence(connection, options);
  const validFor = validMs(options);
  if (validFor > 0) clocks.set(connection, { ...(await readClock(connection)), validFor });
  return connection;
}

/** The server's clock, in milliseconds since 1970, at a moment of this process's own clock, which nobody sets. */
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
 * Until when, in seconds since 1970 by the server's clock, a statement that is sent now may take effect. What lies in the buffer of
 * a frozen server is executed when it thaws, though the connection was closed and the client answered; so it has to tell itself.
 */
export function deadlineOf(connection: object): number {
  const clock = clocks.get(connection);
  return clock ? (clock.serverMs + (performance.now() - clock.at) + clock.validFor) / 1000 : Infinity;
}

async function open({ url, connectTimeoutMs }: ConnectOptions, parameters: Parameters): Promise<Connection> {
  const settings = { connectionString: url, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true };
  const connection = new pg.Client({ ...settings, application_name: 'latchkey' });
  connection.on('error', () => {}); // whoever waits for an answer hears of it
  // The driver itself knows only some of the parameters of a first message.
  const driver = connection as pg.Client & { getStartupConf: () => Parameters };
  const usual = driver.getStartupConf.bind(driver);
  driver.getStartupConf = () => ({ ...parameters, ...usual() });
  await connection.connect();
  return connection;
}
