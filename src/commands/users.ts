import { readArguments } from '../process/arguments.ts';
import { exportUsers } from './users.export.ts';
import { importUsers } from './users.import.ts';

/** `users import` adds the users in a file; `users export` writes all users, so that they can be imported elsewhere. */
export async function runUsers(args: string[]): Promise<void> {
  const { values, positionals } = readArguments('users', args, {
    'dry-run': { type: 'boolean' },
    refused: { type: 'string' },
    output: { type: 'string' },
  });
  const [action, file = ''] = positionals;
  const { 'dry-run': isDryRun = false, refused, output } = values;
  if (action === 'export') return exportUsers(output === '-' ? undefined : output);
  return importUsers({ file, isDryRun, refusedFile: refused ?? `${file === '-' ? 'users' : file}.refused.ndjson` });
}
