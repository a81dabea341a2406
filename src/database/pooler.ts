import pg from 'pg';

const unsupportedParameter = '08P01'; // PgBouncer: "unsupported startup parameter"

/**
 * Whether what answers at an address lets a client set timeouts when it connects. PostgreSQL does; PgBouncer, whose connections
 * belong to no client, refuses, and the role must have them: `alter role … set statement_timeout = …`.
 */
export async function takesTimeouts(settings: pg.ClientConfig, timeouts: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client({ ...settings, ...timeouts });
  client.on('error', () => {}); // whoever waits for the answer hears of it
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === unsupportedParameter) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
