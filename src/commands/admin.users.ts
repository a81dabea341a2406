import type { User } from '../access/user.ts';
import { operator } from '../features/audit/audit-event.ts';
import type { KnownUser } from '../features/users/users.deletion.repository.ts';
import { toWireUser } from '../features/users/users.wire.ts';
import type { Db } from '../platform/database/database.ts';
import { ServiceError } from '../platform/errors.ts';
import { isEmailAddress } from '../platform/formats/email-address.ts';
import { isUuid } from '../platform/formats/uuid.ts';
import { confirm } from '../process/confirmation.ts';
import type { Context } from '../process/context.ts';
import { CommandError } from '../process/failure.ts';
import { callOf } from '../process/usage.ts';

/** Promotes a user to administrator. Asks first if nobody has proved the address, since anybody may have registered it. */
export async function promote(context: Context, name: string, yes: boolean): Promise<string> {
  const user = await findPresent(context, name, `create an administrator with: ${callOf('admin', 'create')}`);
  const { email, role, isActive, isEmailVerified } = user;
  const howToActivate = 'an administrator can activate them: PATCH /users/{user_id}';
  if (!isActive) throw new CommandError(`${email} is deactivated, so nothing was changed; ${howToActivate}`);
  if (role === 'admin') return `${email} is already an administrator`;
  if (!isEmailVerified && !yes) {
    process.stderr.write(`${describe(user)}\nNobody has proved this address: somebody else may have registered it.\n`);
    await confirm('Promote? Type yes: ', 'nobody was promoted');
  }
  await change(context, user, (db) =>
    context.features.users.service.update(db, user.id, { role: 'admin' }, same(user), operator),
  );
  return `${email} is an administrator now (${user.id})`;
}

/** Demotes an administrator to a plain user, which ends their sessions. */
export async function demote(context: Context, name: string): Promise<string> {
  const user = await findPresent(context, name, seeList());
  if (user.role !== 'admin') return `${user.email} is not an administrator, so nothing was changed`;
  await change(context, user, (db) =>
    context.features.users.service.update(db, user.id, { role: 'user' }, same(user), operator),
  );
  return `${user.email} is no longer an administrator, and has been signed out everywhere (${user.id})`;
}

/** Lists the administrators by address, deactivated ones included; as `json` for programs, in the shape of the API. */
export async function listAdministrators({ features }: Context, json: boolean): Promise<string> {
  const admins: User[] = [];
  let cursor: string | undefined;
  do {
    const query = { role: 'admin', sortBy: 'email', sortOrder: 'asc' } as const;
    const { users, nextCursor } = await features.users.lists.list(query, { limit: 100, cursor });
    admins.push(...users);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  if (json) return JSON.stringify({ administrators: admins.map(toWireUser) }, undefined, 2);
  if (admins.length === 0) return 'no administrators';
  const width = Math.max(...admins.map(({ email }) => email.length));
  const lines = admins.map(({ id, email, fullName, isActive }) => {
    return `${(isActive ? 'active' : 'deactivated').padEnd(11)}  ${id}  ${email.padEnd(width)}  ${fullName}`;
  });
  return lines.join('\n');
}

/** Erases a user now, deleting them first if necessary. */
export async function erase(
  context: Context,
  name: string,
  { yes, hasSecrets }: { readonly yes: boolean; readonly hasSecrets: boolean },
): Promise<string> {
  if (!hasSecrets) {
    throw new CommandError(
      "set JWT_SECRETS or DATA_DIR to the server's: failed sign-ins are stored under keys derived from them",
    );
  }
  const [found, ...others] = await find(context, name);
  if (!found) throw new CommandError(`there is no user ${name}; ${whoWasErased}`);
  if (others.length > 0) {
    const ids = [found, ...others].map((each) => `${each.user.id} (${stateOf(each)})`);
    throw new CommandError(`several users have or had the address ${name}; name one by id: ${ids.join(', ')}`);
  }
  const { user, deletedAt, erasedAt } = found;
  if (erasedAt) return `${user.id} was already erased on ${dayOf(erasedAt)}`;
  if (!yes) {
    process.stderr.write(`${describe(user)}, ${stateOf(found)}\nThis can't be undone.\n`);
    await confirm('Erase? Type yes: ', 'nobody was erased');
  }
  const { users, personalData } = context.features;
  await change(context, user, async (db) => {
    if (!deletedAt) await users.service.remove(db, user.id, same(user), operator);
    await personalData.service.erase(db, user.id, operator);
  });
  return `${user.id} was erased`;
}

async function find({ features }: Context, name: string): Promise<KnownUser[]> {
  if (!isUuid(name) && !isEmailAddress(name)) {
    throw new CommandError(`${name} is neither an address nor an id`, { status: 2 });
  }
  return features.users.deletion.findKnown(name);
}

async function findPresent(context: Context, name: string, remedy: string): Promise<User> {
  const [found] = await find(context, name);
  if (!found) throw new CommandError(`there is no user ${name}; ${remedy}`);
  const { user, deletedAt, erasedAt } = found;
  if (erasedAt) throw new CommandError(`${user.id} was erased on ${dayOf(erasedAt)}, which can't be undone`);
  if (!deletedAt) return user;
  const howToRestore = `an administrator can restore them: POST /users/${user.id}/restore`;
  throw new CommandError(`${user.email} was deleted on ${dayOf(deletedAt)}; ${howToRestore}`);
}

// As If-Match does for the API: only the version that was found, and perhaps confirmed, is changed.
const same =
  ({ version }: User) =>
  (now: User) =>
    now.version === version;

async function change({ database }: Context, { email }: User, work: (db: Db) => Promise<unknown>): Promise<void> {
  try {
    await database.transaction(work);
  } catch (cause) {
    if (!(cause instanceof ServiceError)) throw cause;
    if (cause.code === 'last_admin') {
      const remedy = `promote somebody else first: ${callOf('admin', 'promote ADDRESS')}`;
      throw new CommandError(`${email} is the last active administrator; ${remedy}`, { cause });
    }
    if (cause.code !== 'precondition_failed' && cause.code !== 'not_found') throw cause;
    throw new CommandError(`${email} was changed by somebody else meanwhile, so nothing was done; try again`, {
      cause,
    });
  }
}

const seeList = () => `see ${callOf('admin', 'list')}`;
const whoWasErased = 'somebody who was erased has no address any more';

const dayOf = (time: Date) => time.toISOString().slice(0, 10);

function stateOf({ user, deletedAt }: KnownUser): string {
  return deletedAt ? `deleted on ${dayOf(deletedAt)}` : user.isActive ? 'active' : 'deactivated';
}

function describe({ id, email, fullName, role, createdAt }: User): string {
  return `${fullName} <${email}>, ${role}, registered on ${dayOf(createdAt)}, ${id}`;
}
