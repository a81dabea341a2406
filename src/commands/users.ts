import { readArguments } from '../process/arguments.ts';

/** `users import` adds the users in a file; `users export` writes all users, so that they can be imported elsewhere. */
export async function runUsers(args: string[]): Promise<void> {
  const { values, positionals } = readArguments('users', args, {
    'dry-run': { type: 'boolean' },
    refused: { type: 'string' },
    output: { type: 'string' },
  });
  const [action, file = ''] = positionals;
  const { 'dry-run': isDryRun = false, refused, output } = values;
  if (action === 'export') {
    const { exportUsers } = await import('./users.export.ts');
    return exportUsers(output === '-' ? undefined : output);
  }
  const { importUsers } = await import('./users.import.ts');
  return importUsers({ file, isDryRun, refusedFile: refused ?? `${file === '-' ? 'users' : file}.refused.ndjson` });
}
