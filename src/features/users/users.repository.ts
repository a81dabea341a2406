import { raw, UniqueViolationError, type QueryBuilder } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { prepare, prepareShapes } from '../../platform/database/prepared.ts';
import { normalizePartOfEmailAddress } from '../../platform/formats/email-address.ts';
import type { Role, User } from '../../access/user.ts';
import { emailTaken } from '../../platform/violations.ts';
import { toUser, userColumns, UserModel } from './users.model.ts';

/** What may be sorted by. */
export type SortField = 'created_at' | 'updated_at' | 'email' | 'full_name';

/** A list of users: which, in what order. */
export interface UserQuery {
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
  readonly sortBy: SortField;
  readonly sortOrder: 'asc' | 'desc';
}

/** The part of a list to read: some rows from the start, or what comes after a place. */
export interface Slice {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: { readonly value: string; readonly id: string } | undefined;
}

/** A new row; its times and version come from the database. */
export interface UserInsert {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
  readonly passwordHash: string;
}

/** What may change of a user. */
export interface UserChanges {
  readonly fullName?: string | undefined;
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
}

/** Throws `email_taken` when another user has the address, also one of a transaction that commits first. */
export async function insertUser(db: Db, user: UserInsert): Promise<User> {
  try {
    const row = await UserModel.query(db)
      .insert({
        id: user.id,
        email: user.email,
        full_name: user.fullName,
        role: user.role,
        password_hash: user.passwordHash,
      })
      .returning('*');
    return toUser(row);
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'users_email_key') {
      throw emailTaken(error);
    }
    throw error;
  }
}

export async function findUser(db: Db, id: string): Promise<User | undefined> {
  const [row] = await selectUser(db, id);
  return row && toUser(row);
}

const selectUser = prepare<UserModel, [id: string]>('user', (db, id) => present(db).select(userColumns).where({ id }));

/** Finds the user and keeps the row from changing until the transaction ends. */
export async function findUserForUpdate(db: Db, id: string): Promise<User | undefined> {
  const row = await present(db).findById(id).forUpdate();
  return row && toUser(row);
}

/** The user with a normalised address, and the hash of the password. */
export async function findUserByEmail(
  db: Db,
  email: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const [row] = await selectUserByEmail(db, email);
  return row && { user: toUser(row), passwordHash: row.password_hash };
}

const selectUserByEmail = prepare<UserModel, [email: string]>('user_by_email', (db, email) =>
  present(db)
    .select(...userColumns, 'password_hash')
    .where({ email }),
);

/** Keeps the active administrators from changing until the transaction ends; always in the same order. */
export async function lockActiveAdmins(db: Db): Promise<string[]> {
  const rows = await present(db).select('id').where({ role: 'admin', is_active: true }).orderBy('id').forUpdate();
  return rows.map((row) => row.id);
}

export async function hasAdmin(db: Db): Promise<boolean> {
  return (await present(db).where({ role: 'admin', is_active: true }).resultSize()) > 0;
}

/** Returns nothing when there is no such user. */
export async function updateUser(db: Db, id: string, changes: UserChanges): Promise<User | undefined> {
  const [row] = await present(db)
    .patch({
      ...(changes.fullName !== undefined && { full_name: changes.fullName }),
      ...(changes.role !== undefined && { role: changes.role }),
      ...(changes.isActive !== undefined && { is_active: changes.isActive }),
      ...touched(),
    })
    .where({ id })
    .returning('*');
  return row && toUser(row);
}

/** Hides the user from every read; the row stays. Returns whether there was one. */
export async function deleteUser(db: Db, id: string): Promise<boolean> {
  const count = await present(db)
    .patch({ deleted_at: raw('now()'), ...touched() })
    .where({ id });
  return count > 0;
}

/** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
export async function renewPasswordHash(db: Db, id: string, oldHash: string, newHash: string): Promise<void> {
  await present(db).patch({ password_hash: newHash }).where({ id, password_hash: oldHash });
}

export async function countUsers(db: Db, query: UserQuery): Promise<number> {
  const [row] = await selectCount(db, query, ...filterValues(query));
  return Number(row?.count);
}

const selectCount = prepareShapes<{ count: string }, UserQuery, FilterValues>(
  (query) => ['users count', ...filterNames(query)].join(' '),
  (db, query, ...values) => matching(db, query, values).count('* as count'),
);

export async function listUsers(db: Db, query: UserQuery, slice: Slice): Promise<User[]> {
  const { limit, offset, after } = slice;
  const rows = await selectSlice(db, { query, slice }, limit, offset, after?.value, after?.id, ...filterValues(query));
  return rows.map(toUser);
}

type SliceValues = [limit: number, offset: number | undefined, value: string | undefined, id: string | undefined];

const selectSlice = prepareShapes<UserModel, { query: UserQuery; slice: Slice }, [...SliceValues, ...FilterValues]>(
  ({ query, slice }) => {
    const place = [slice.offset && 'offset', slice.after && 'after'].filter(Boolean);
    return ['users', query.sortBy, query.sortOrder, ...place, ...filterNames(query)].join(' ');
  },
  (db, { query, slice }, limit, offset, value, id, ...values) => {
    const { sortBy, sortOrder } = query;
    const rows = matching(db, query, values)
      .select(userColumns)
      .orderByRaw(`${sortKey[sortBy]} ${sortOrder}, id ${sortOrder}`)
      .limit(limit);
    if (slice.offset && offset) rows.offset(offset);
    if (slice.after) {
      rows.whereRaw(`(${sortKey[sortBy]}, id) ${sortOrder === 'asc' ? '>' : '<'} (?, ?)`, [value, id]);
    }
    return rows;
  },
);

// Addresses are sorted alike in every database, whatever its locale; names have a collation of their own.
const sortKey: Record<SortField, string> = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};

function present(db: Db): QueryBuilder<UserModel> {
  return UserModel.query(db).whereNull('deleted_at');
}

// Never earlier than it was, and always later: two changes may fall into one millisecond, and clocks go back.
function touched() {
  return {
    version: raw('version + 1'),
    updated_at: raw(`greatest(now(), updated_at + interval '1 millisecond')`),
  };
}

type FilterValues = [
  role: Role | undefined,
  isActive: boolean | undefined,
  name: string | undefined,
  email: string | undefined,
  domain: string | undefined,
];

function filterNames(query: UserQuery): string[] {
  const [role, isActive, name, , domain] = filterValues(query);
  return [
    ...(role === undefined ? [] : ['role']),
    ...(isActive === undefined ? [] : ['active']),
    ...(name === undefined ? [] : ['search']),
    ...(domain === undefined ? [] : ['domain']),
  ];
}

function filterValues({ role, isActive, search }: UserQuery): FilterValues {
  if (search === undefined) return [role, isActive, undefined, undefined, undefined];
  const { part, ofDomain } = normalizePartOfEmailAddress(search);
  const domain = ofDomain === part ? undefined : containing(ofDomain);
  return [role, isActive, containing(search), containing(part), domain];
}

const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * The rows that a query's filters let through; the filters' values are given apart, for they may be stand-ins. Both sides of a search are
 * in lower case, of a collation that is named: the database's own may know another one, or only ASCII.
 */
function matching(db: Db, query: UserQuery, values: FilterValues): QueryBuilder<UserModel> {
  const [role, isActive, name, email, domain] = values;
  const rows = present(db);
  if (query.role !== undefined) rows.where({ role });
  if (query.isActive !== undefined) rows.where({ is_active: isActive });
  if (query.search !== undefined) {
    rows.where((either) => {
      void either
        .whereRaw('lower(full_name) like lower(?::text collate "und-x-icu")', [name ?? ''])
        .orWhere('email', 'like', email ?? '');
      if (filterNames(query).includes('domain')) void either.orWhere('email', 'like', domain ?? '');
    });
  }
  return rows;
}
