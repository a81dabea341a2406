import { operator } from '../features/audit/audit-event.ts';
import { createContext, type Context } from '../process/context.ts';
import { ServiceError } from '../platform/errors.ts';
import { createBodyCheck } from '../http/body-check.ts';
import { createLog } from '../platform/log/log.ts';
import { describeViolation } from '../platform/violations.ts';
import { provideDatabase } from '../process/command-database.ts';
import { loadEnvironment } from '../process/environment.ts';
import { readPassword } from '../process/password-prompt.ts';
import { prepareSchema } from '../process/schema.ts';
import { readArguments, UsageError } from '../process/usage.ts';

/** `admin create`: creates an administrator; prompts for the password, or reads it from standard input. */
export async function runAdmin(args: string[]): Promise<void> {
  const { values, positionals } = readArguments('admin', args, { email: { type: 'string' }, name: { type: 'string' } });
  const { email, name } = values;
  if (positionals.join(' ') !== 'create' || email === undefined || name === undefined) throw new UsageError('admin');
  const { config, secrets } = loadEnvironment();
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const database = await provideDatabase(config, secrets, 'visit', say);
  try {
    const password = await readPassword();
    await prepareSchema(database.url, config.database, say);
    const log = createLog({ ...config.log, level: 'error' });
    const context = await createContext(config, secrets, database.url, log);
    try {
      const { service: users } = context.features.users;
      const prepared = await users.prepare(await checkAdmin(context, { email, password, fullName: name }));
      const admin = { ...prepared, isEmailVerified: true };
      const user = await context.database.transaction((db) => users.create(db, admin, operator));
      process.stdout.write(`${user.email} is an administrator now (${user.id})\n`);
    } finally {
      await context.close();
    }
  } finally {
    await database.stop();
  }
}

// Node puts this in place of bytes that are not UTF-8; nobody could type such a password again.
const replacement = '\uFFFD';

/** Validates a new administrator by the rules of the API. Throws `validation_failed`. */
export async function checkAdmin(
  { contract }: Pick<Context, 'contract'>,
  { email, password, fullName }: { email: string; password: string; fullName: string },
) {
  const given = { email, password, full_name: fullName, role: 'admin' as const };
  const violations = Object.entries(given)
    .filter(([, text]) => text.includes(replacement))
    .map(([name]) => describeViolation([name], 'well_formed', {}, 'is not UTF-8 text'));
  if (violations.length > 0) throw new ServiceError('validation_failed', { violations });
  const check = await createBodyCheck(contract, 'createUser');
  const body = await check(given);
  return { email: body.email, password: body.password, fullName: body.full_name, role: body.role };
}
