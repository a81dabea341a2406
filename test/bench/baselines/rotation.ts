/** Rotates refresh tokens with the statements of a refresh and nothing else, and prints how often a second. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

const seconds = Number(process.argv[2]);
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_MAX']),
});
const clients = 32;
const newHash = () => createHash('sha256').update(randomBytes(32)).digest();

const use = `update refresh_tokens set used_at = now() where token_hash = $1 and used_at is null returning session_id`;
const find = `select u.id, u.email, u.full_name, u.role, u.is_active, u.version, u.created_at, u.updated_at
  from sessions s join users u on u.id = s.user_id
  where s.id = $1 and s.ended_at is null and s.expires_at > now() and u.is_active and u.deleted_at is null`;
const insert = `insert into refresh_tokens (token_hash, session_id) values ($1, $2)`;

const { rows } = await pool.query<{ id: string }>(`select id from users where role = 'admin'`);
let count = 0;
let deadline = Infinity;

async function begin(): Promise<Buffer> {
  const session = randomUUID();
  const token = newHash();
  await pool.query(`insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`, [
    session,
    rows[0]?.id,
  ]);
  await pool.query(insert, [token, session]);
  return token;
}

async function rotate(token: Buffer): Promise<void> {
  while (performance.now() < deadline) {
    const next = newHash();
    const connection = await pool.connect();
    await connection.query('begin');
    const used = await connection.query<{ session_id: string }>({ name: 'use', text: use, values: [token] });
    const session = used.rows[0]?.session_id;
    await connection.query({ name: 'find', text: find, values: [session] });
    await connection.query({ name: 'insert', text: insert, values: [next, session] });
    await connection.query('commit');
    connection.release();
    token = next;
    count++;
  }
}

const tokens = await Promise.all(Array.from({ length: clients }, begin));
const started = performance.now();
deadline = started + seconds * 1000;
await Promise.all(tokens.map(rotate));
process.stdout.write(String((count / (performance.now() - started)) * 1000));
await pool.end();
