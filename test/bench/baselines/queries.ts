/** The work of every baseline: verify the same token and read the same rows with prepared statements. */
import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import pg from 'pg';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly full_name: string;
  readonly role: string;
  readonly is_active: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = ['id', 'email', 'full_name', 'role', 'is_active', 'created_at', 'updated_at'];
const list = columns.map((column) => `u.${column}`).join(', ');

const principal = {
  name: 'principal',
  text: `select ${list} from sessions s join users u on u.id = s.user_id
    where s.id = $1 and s.ended_at is null and s.expires_at > now() and u.is_active and u.deleted_at is null`,
};
const byId = { name: 'by-id', text: `select ${list} from users u where u.id = $1 and u.deleted_at is null` };
const passwordHash = {
  name: 'password-hash',
  text: 'select password_hash from users where email = $1 and deleted_at is null',
};
const firstPage = {
  name: 'first-page',
  text: `select ${list} from users u where u.deleted_at is null order by u.created_at, u.id limit $1`,
};
const count = {
  name: 'count',
  text: 'select count(*) from (select from users u where u.deleted_at is null order by u.created_at, u.id limit 1001) counted',
};

export interface Queries {
  /** The user of the token in `Authorization`, if its session is active. */
  authenticate(authorization: string | undefined): Promise<UserRow | undefined>;
  findUser(id: string): Promise<UserRow | undefined>;
  listUsers(limit: number): Promise<{ items: UserRow[]; total: number }>;
  /** The hash of a user's password. */
  findPasswordHash(email: string): Promise<string | undefined>;
}

export function connect(): Queries {
  process.on('SIGTERM', () => process.exit(0));
  const { DATABASE_URL, DATABASE_POOL_MAX, JWT_SECRETS } = process.env;
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_MAX) });
  const key = createSecretKey(Buffer.from(JWT_SECRETS ?? ''));
  return {
    async authenticate(authorization = '') {
      const { sid } = jwt.verify(authorization.slice('Bearer '.length), key, { algorithms: ['HS256'] }) as {
        sid: string;
      };
      return (await pool.query<UserRow>({ ...principal, values: [sid] })).rows[0];
    },
    async findUser(id) {
      return (await pool.query<UserRow>({ ...byId, values: [id] })).rows[0];
    },
    async findPasswordHash(email) {
      return (await pool.query<{ password_hash: string }>({ ...passwordHash, values: [email] })).rows[0]?.password_hash;
    },
    async listUsers(limit) {
      const [page, counted] = await Promise.all([
        pool.query<UserRow>({ ...firstPage, values: [limit] }),
        pool.query<{ count: string }>(count),
      ]);
      return { items: page.rows, total: Number(counted.rows[0]?.count) };
    },
  };
}
