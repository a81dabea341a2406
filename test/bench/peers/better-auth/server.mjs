/** Better Auth as its documentation sets it up: sessions in PostgreSQL, passwords by bcrypt at cost 12, no rate limit. */
import { createServer } from 'node:http';
import process from 'node:process';
import bcrypt from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { bearer } from 'better-auth/plugins';
import pg from 'pg';

const { DATABASE_URL, DATABASE_POOL_MAX, PORT, RENEW_SESSIONS } = process.env;
const options = {
  database: new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_MAX) }),
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: 'f3Jk9sLq2vXw8zRb5tYn7mPc4hGd6aEu',
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => bcrypt.hash(password, 12),
      verify: ({ hash, password }) => bcrypt.compare(password, hash),
    },
  },
  // Each read of a session renews it, or none does.
  session: { updateAge: RENEW_SESSIONS === 'true' ? 0 : 86_400 },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [bearer()],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
