import { holdsRole, roles, type Role } from '../../access/user.ts';
import type { Database } from '../../platform/database/database.ts';
import { ok, warn, type Finding } from '../../platform/findings.ts';
import { countUnenrolled } from './factors.repository.ts';

/** More than these are not worth counting. */
const most = 1000;

/** Whether everybody who needs a second factor has one. */
export async function checkEnrolment({ pool }: Pick<Database, 'pool'>, from: Role): Promise<Finding> {
  const concerned = roles.filter((role) => holdsRole(role, from));
  const count = await countUnenrolled(pool, concerned, most + 1);
  const who = `with the role ${concerned.join(' or ')}`;
  if (count === 0) return ok('enrolment', `everybody ${who} has a second factor`);
  const number = count > most ? `more than ${most} users` : `${count} user${count === 1 ? '' : 's'}`;
  const remedy = 'ask them to sign in: they are led to enrol one, and can do nothing else before';
  return warn('enrolment', `${number} ${who} ${count === 1 ? 'has' : 'have'} no second factor yet`, remedy);
}
