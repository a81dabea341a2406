import type { Db } from '../../../platform/database/database.ts';
import { noPassword } from '../no-password.ts';
import type { ImportedUser } from './user-line.ts';

/** A user to add, with an id. */
export type UserToAdd = ImportedUser & { readonly id: string };

/** Who already has the id or address of a user to add: somebody else, or the same user, added earlier. */
export interface Holder {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
  readonly isDeleted: boolean;
}

/** Waits until no other import is adding users; two that add the same ones in different order would deadlock. */
export async function lockImports(db: Db): Promise<void> {
  await db.raw(`select pg_advisory_xact_lock(hashtextextended('users import', 0))`);
}

/** Adds the users whose id and address are free; returns their ids. Of several with the same id or address, the first is added. */
export async function insertUsers(db: Db, users: readonly UserToAdd[]): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into users (id, email, full_name, role, is_active, is_provisional, password_hash, email_verified_at, created_at, updated_at)
    select id, email, full_name, role, is_active, is_provisional, password_hash, email_verified_at,
      coalesce(created_at, now()), coalesce(updated_at, now())
    from json_to_recordset(?::json) as user_of_file (place integer, id uuid, email text, full_name text, role text, is_active boolean,
      is_provisional boolean, password_hash text, email_verified_at timestamptz, created_at timestamptz, updated_at timestamptz)
    order by place
    on conflict do nothing returning id`,
    [JSON.stringify(users.map(toRow))],
  );
  return new Set(rows.map(({ id }) => id));
}

function toRow(user: UserToAdd, place: number) {
  return {
    place,
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    role: user.role,
    is_active: user.isActive,
    is_provisional: user.isProvisional,
    password_hash: user.passwordHash ?? noPassword,
    email_verified_at: user.emailVerifiedAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

/** Who already has one of the ids or addresses; deleted users hold only their ids. */
export async function findHolders(db: Db, users: readonly UserToAdd[]): Promise<Holder[]> {
  return holdersIn(db, 'users', users);
}

/** Creates the table that holds the users of a dry run until its transaction ends. */
export async function createDryRunTable(db: Db): Promise<void> {
  await db.raw('set local idle_in_transaction_session_timeout = 0');
  await db.raw(
    `create temporary table users_of_dry_run (id uuid primary key, email text unique, full_name text, password_hash text, created_at timestamptz,
      deleted_at timestamptz) on commit drop`,
  );
}

/** As `insertUsers`, in the table of a dry run. */
export async function insertDryRun(db: Db, users: readonly UserToAdd[]): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into users_of_dry_run (id, email, full_name, password_hash, created_at)
    select id, email, full_name, password_hash, coalesce(created_at, now())
    from json_to_recordset(?::json) as user_of_file (place integer, id uuid, email text, full_name text, password_hash text,
      created_at timestamptz)
    order by place
    on conflict do nothing returning id`,
    [JSON.stringify(users.map(toRow))],
  );
  return new Set(rows.map(({ id }) => id));
}

/** As `findHolders`, in the table of a dry run. */
export async function findDryRunHolders(db: Db, users: readonly UserToAdd[]): Promise<Holder[]> {
  return holdersIn(db, 'users_of_dry_run', users);
}

interface HolderRow {
  readonly id: string;
  readonly email: string;
  readonly full_name: string;
  readonly password_hash: string;
  readonly created_at: Date;
  readonly deleted_at: Date | null;
}

async function holdersIn(db: Db, table: string, users: readonly UserToAdd[]): Promise<Holder[]> {
  const columns = 'id, email, full_name, password_hash, created_at, deleted_at';
  const { rows } = await db.raw<{ rows: HolderRow[] }>(
    `select ${columns} from ${table} where id = any(?) union
    select ${columns} from ${table} where email = any(?) and deleted_at is null`,
    [users.map(({ id }) => id), users.map(({ email }) => email)],
  );
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    fullName: row.full_name,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
    isDeleted: row.deleted_at !== null,
  }));
}
