/** A PostgreSQL with a migrated template database. With mocha's `--require`, it is all that a run sets up. */
import { removeLibpqVariables } from '../../src/platform/config/env.ts';
import { migrate } from '../../src/platform/database/migrations.ts';
import { templateName } from './database.ts';
import { createDatabase, dropDatabase, startTestServer, type TestServer } from './postgres.ts';

export type Announce = (message: string) => void;

let server: TestServer | undefined;

export async function startTemplate(announce: Announce): Promise<void> {
  removeLibpqVariables();
  server = await startTestServer(announce);
  process.env['TEST_SERVER_URL'] = server.url;
  process.env['TEST_TEMPLATE'] = templateName();
  // Whatever the server's locale, searches find letters of any script by their index.
  const url = await createDatabase(server.url, templateName(), `template0 encoding 'UTF8' lc_ctype 'C.UTF-8'`);
  await migrate(url, 10_000);
}

export async function stopTemplate(): Promise<void> {
  if (!server) return;
  await dropDatabase(server.url, templateName());
  await server.stop();
}

export const mochaGlobalSetup = () => startTemplate(() => {});
export const mochaGlobalTeardown = stopTemplate;
