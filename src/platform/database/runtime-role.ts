import { withDatabase, withMigrationLock } from './migration-lock.ts';
import { MigrationError } from './refusals.ts';
import { appendOnlyTables } from './requirements.ts';

/** What the runtime role may call: they run with the owner's rights, and keep to rules of their own. */
const functions = ['expire_audit_events(integer, integer)', 'erase_audit_events_of(uuid)'];

/**
 * Grants a role exactly what `serve` needs: it reads and writes rows, only adds audit events, and changes no table. Whoever migrates
 * owns the tables. Repeating it changes nothing. Throws a MigrationError.
 */
export async function grantRuntimeRole(
  databaseUrl: string,
  connectTimeoutMs: number,
  role: string,
  say: (message: string) => void,
): Promise<void> {
  await withDatabase(databaseUrl, connectTimeoutMs, async (database) => {
    const { rows } = await database.pool.raw<{ rows: Names[] }>(names, [role, role]);
    const [found] = rows;
    if (!found?.exists) {
      throw new MigrationError(
        `DATABASE_RUNTIME_ROLE names ${role}, which does not exist; run: create role ${found?.role ?? role} login password '…'`,
      );
    }
    if (found.owns) {
      throw new MigrationError(
        `DATABASE_RUNTIME_ROLE names ${role}, which has the rights of the tables' owner; migrate as another role, or unset it`,
      );
    }
    const { role: grantee, schema } = found;
    const statements = [
      `grant usage on schema ${schema} to ${grantee}`,
      `grant select, insert, update, delete on all tables in schema ${schema} to ${grantee}`,
      `revoke all on ${appendOnlyTables.join(', ')}, migrations, migrations_lock from ${grantee}`,
      `grant select, insert on ${appendOnlyTables.join(', ')} to ${grantee}`,
      `grant select on migrations to ${grantee}`,
      `grant execute on function ${functions.join(', ')} to ${grantee}`,
    ];
    await withMigrationLock(database, say, () =>
      database.transaction(async (db) => {
        for (const statement of statements) await db.raw(statement);
      }),
    );
    say(`${role} may read and write, and only add audit events`);
  });
}

interface Names {
  readonly exists: boolean;
  /** Whether it is the tables' owner, a member of it, or a superuser. */
  readonly owns: boolean;
  /** As SQL writes them. */
  readonly role: string;
  readonly schema: string;
}

const names = `
  select rolname is not null as exists, quote_ident(?) as role, quote_ident(current_schema()) as schema,
    rolname is not null and pg_has_role(rolname, relowner, 'member') as owns
  from pg_class left join pg_roles on rolname = ?
  where pg_class.oid = to_regclass('audit_events')`;
