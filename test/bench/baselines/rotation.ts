/** Rotates refresh tokens with the statement of a refresh and nothing else, and prints how often a second. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

const seconds = Number(process.argv[2]);
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_MAX']),
});
const clients = 32;
const newHash = () => createHash('sha256').update(randomBytes(32)).digest();

const insert = `insert into refresh_tokens (token_hash, session_id) values ($1, $2)`;
const exchange = {
  name: 'exchange',
  text: `with used as (
      update refresh_tokens set used_at = now() where token_hash = $1 and used_at is null returning session_id
    ), standing as (
      select u.id, u.email, u.full_name, u.role, u.is_active, u.version, u.created_at, u.updated_at, s.id as session_id
      from sessions s join users u on u.id = s.user_id
      where u.is_active and u.deleted_at is null and s.ended_at is null and s.expires_at > now()
        and s.id in (select session_id from used)
    ), next as (
      insert into refresh_tokens (token_hash, session_id) select $2::bytea, session_id from standing
    )
    select used.session_id as used_session_id, standing.*
    from used left join standing on standing.session_id = used.session_id`,
};

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
    await pool.query({ ...exchange, values: [token, next] });
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
