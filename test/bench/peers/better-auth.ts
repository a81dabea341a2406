/** Better Auth on the same PostgreSQL, in a schema of its own: ten thousand users, of whom some can sign in. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { startPeer, type Bench, type Program } from '../service.ts';

const folder = path.join(import.meta.dirname, 'better-auth');

export interface BetterAuth {
  /** Ready to serve; every read of a session renews it, if so asked. */
  readonly start: (renewsSessions?: boolean) => Promise<Program>;
  /** Bodies for signing in, each another user's. */
  readonly credentials: readonly string[];
}

/** Installs it, creates its tables and adds users. */
export async function prepareBetterAuth(bench: Bench, signingIn: number): Promise<BetterAuth> {
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed:\n${stderr}`);
  const url = new URL(bench.variables['DATABASE_URL']!);
  url.searchParams.set('options', '-c search_path=better_auth');
  const start: BetterAuth['start'] = (renewsSessions = false) =>
    startPeer(bench, path.join(folder, 'server.mjs'), {
      DATABASE_URL: url.href,
      RENEW_SESSIONS: String(renewsSessions),
    });
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query('create schema better_auth');
    const password = bench.variables['ADMIN_PASSWORD']!;
    const program = await start();
    await post(program, '/sign-up/email', { name: 'Person 0', email: 'person-0@example.com', password });
    await program.stop();
    await addUsers(client);
    const people = Array.from({ length: signingIn }, (_, index) => `person-${index + 1}@example.com`);
    return { start, credentials: people.map((email) => JSON.stringify({ email, password })) };
  } finally {
    await client.end();
  }
}

/** Signs in once for each body, and returns the sessions' tokens. */
export async function signIn(program: Program, credentials: readonly string[]): Promise<string[]> {
  const tokens: string[] = [];
  for (const body of credentials) {
    const { token } = (await post(program, '/sign-in/email', JSON.parse(body) as object)) as { token: string };
    tokens.push(token);
  }
  return tokens;
}

/** Copies of the one user, with the same password. */
async function addUsers(client: pg.Client): Promise<void> {
  await client.query(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     select 'u' || n, 'Person ' || n, 'person-' || n || '@example.com', false, now(), now() from generate_series(1, 10000) n`,
  );
  await client.query(
    `insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     select 'a' || n, 'u' || n, 'credential', 'u' || n, (select password from account), now(), now()
     from generate_series(1, 10000) n`,
  );
  await client.query('vacuum analyze');
}

async function post(program: Program, target: string, body: object): Promise<unknown> {
  const response = await fetch(`${program.origin}/api/auth${target}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: program.origin },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`);
  return response.json();
}
