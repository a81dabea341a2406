import type { Db } from '../../../platform/database/database.ts';
import { portableHash } from '../../passwords/foreign/portable-hash.ts';
import type { UserModel } from '../users.model.ts';
import { present } from '../users.queries.ts';

export async function countUsersToExport(db: Db): Promise<number> {
  return present(db).resultSize();
}

const batchSize = 1000;

/** Yields all users who are not deleted as lines of a file, oldest first, from one snapshot; holds one batch in memory. */
export async function* readUserLines(pool: Db): AsyncGenerator<string[]> {
  const query = present(pool).select(columns).orderByRaw('created_at, id').toKnexQuery().toSQL();
  const db = await pool.transaction();
  try {
    // The reader may be slow.
    await db.raw('set local idle_in_transaction_session_timeout = 0');
    await db.raw(`declare users_to_export no scroll cursor for ${query.sql}`, query.bindings as never);
    for (;;) {
      const { rows } = await db.raw<{ rows: Row[] }>(`fetch ${batchSize} from users_to_export`);
      if (rows.length === 0) return;
      yield rows.map((row) => `${JSON.stringify(toLine(row))}\n`);
    }
  } finally {
    await db.rollback();
  }
}

const columns = [
  ...(['id', 'email', 'full_name', 'role', 'is_active', 'is_provisional', 'email_verified_at'] as const),
  ...(['password_hash', 'created_at', 'updated_at'] as const),
];

type Row = Pick<UserModel, (typeof columns)[number]>;

/** The one place where a row becomes a line of a file; undefined fields are left out. */
function toLine(row: Row) {
  return {
    id: row.id,
    email: row.email,
    email_verified_at: row.email_verified_at?.toISOString(),
    full_name: row.full_name,
    role: row.role,
    is_active: row.is_active,
    is_provisional: row.is_provisional || undefined,
    password_hash: portableHash(row.password_hash),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
