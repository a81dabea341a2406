import { operator } from '../features/audit/audit-event.ts';
import { createBodyCheck } from '../http/body-check.ts';
import { ServiceError } from '../platform/errors.ts';
import { describeViolation } from '../platform/violations.ts';
import type { Context } from '../process/context.ts';

/** Creates an administrator. */
export async function createAdmin(
  context: Context,
  { email, name, password }: { email: string; name: string; password: string },
): Promise<string> {
  const { service: users } = context.features.users;
  const prepared = await users.prepare(checkAdmin(context, { email, password, fullName: name }));
  const admin = { ...prepared, isEmailVerified: true };
  const user = await context.database.transaction((db) => users.create(db, admin, operator));
  return `${user.email} is an administrator now (${user.id})`;
}

// Node puts this in place of bytes that are not UTF-8; nobody could type such a password again.
const replacement = '\uFFFD';

/** Validates a new administrator by the rules of the API. Throws `validation_failed`. */
export function checkAdmin(
  { contract }: Pick<Context, 'contract'>,
  { email, password, fullName }: { email: string; password: string; fullName: string },
) {
  const given = { email, password, full_name: fullName, role: 'admin' as const };
  const violations = Object.entries(given)
    .filter(([, text]) => text.includes(replacement))
    .map(([name]) => describeViolation([name], 'well_formed', {}, 'is not UTF-8 text'));
  if (violations.length > 0) throw new ServiceError('validation_failed', { violations });
  const body = createBodyCheck(contract, 'createUser')(given);
  return { email: body.email, password: body.password ?? password, fullName: body.full_name, role: body.role };
}
