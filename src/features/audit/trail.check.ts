import type { Database } from '../../platform/database/database.ts';
import { fail, ok, warn, type Finding } from '../../platform/findings.ts';

interface Trail {
  readonly role: string;
  readonly mayChange: boolean;
  readonly mayExpire: boolean;
  readonly isGuarded: boolean;
}

const trail = `
  select current_user as role,
    pg_has_role(current_user, relowner, 'member')
      or has_table_privilege(pg_class.oid, 'update') or has_table_privilege(pg_class.oid, 'delete')
      or has_table_privilege(pg_class.oid, 'truncate') or has_table_privilege(pg_class.oid, 'trigger') as "mayChange",
    has_function_privilege('expire_audit_events(integer, integer)', 'execute')
      and has_function_privilege('erase_audit_events_of(uuid)', 'execute') as "mayExpire",
    exists (select from pg_trigger where tgrelid = pg_class.oid and tgname = 'audit_events_are_kept'
      and tgenabled in ('O', 'A')) as "isGuarded"
  from pg_class where pg_class.oid = to_regclass('audit_events')`;

/** Whether somebody who takes over the server could change the audit trail. */
export async function checkTrail({ pool }: Database): Promise<Finding> {
  const { rows } = await pool.raw<{ rows: [Trail] }>(trail);
  const [{ role, mayChange, mayExpire, isGuarded }] = rows;
  const grant = `run the command migrate as the owner of the tables, with DATABASE_RUNTIME_ROLE=${role}`;
  if (!isGuarded) {
    const remedy = 'run: alter table audit_events enable trigger audit_events_are_kept';
    return fail('audit', 'the trigger that keeps audit events from being changed is missing or disabled', remedy);
  }
  if (!mayExpire) return fail('audit', `role ${role} may not have old audit events deleted`, grant);
  if (mayChange) {
    const remedy =
      'let the server connect as a role that does not own the tables, and name it to the command migrate in DATABASE_RUNTIME_ROLE';
    return warn('audit', `role ${role} can get around the trigger that protects audit events`, remedy);
  }
  return ok('audit', `role ${role} can add audit events, and change none`);
}
