import { readArguments, UsageError } from '../process/usage.ts';
import { exportUsers } from './users.export.ts';
import { importUsers } from './users.import.ts';

/** `users import` adds the users in a file; `users export` writes all users, so that they can be imported elsewhere. */
export async function runUsers(args: string[]): Promise<void> {
  const { values, positionals } = readArguments('users', args, {
    'dry-run': { type: 'boolean' },
    refused: { type: 'string' },
    output: { type: 'string' },
  });
  const [action, file, ...rest] = positionals;
  const { 'dry-run': isDryRun = false, refused, output } = values;
  if (action === 'import' && file !== undefined && rest.length === 0 && output === undefined) {
    return importUsers({ file, isDryRun, refusedFile: refused ?? `${file === '-' ? 'users' : file}.refused.ndjson` });
  }
  if (action === 'export' && file === undefined && !isDryRun && refused === undefined) return exportUsers(output);
  throw new UsageError('users');
}
