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

function parametersOf({ statementTimeoutMs }: ConnectOptions): Parameters {
  return {
    ...readable,
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    // Rules here lock what they read; a stricter level would make strangers' requests fail each other.
    default_transaction_isolation: 'read committed',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs * 3),
  };
}

// PgBouncer says "unsupported startup parameter", other poolers that they don't know such a feature.
const refusals = new Set(['08P01', '0A000']);

/**
 * Connects, with the session as Latchkey needs it. It costs no round trip, since it goes with the first message. A pooler, whose
 * connections belong to no client, refuses what outlives a transaction; then the role must have it: `alter role … set …`.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  try {
    return await open(options, parametersOf(options));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && refusals.has(String(error.code)))) throw error;
    return open(options, readable);
  }
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
