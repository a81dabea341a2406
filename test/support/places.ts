/** The files to look at after a failure of the contract suite. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');

function filesIn(directory: string): string[] {
  const names = readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' });
  return names.map((name) => path.posix.join(directory, name.replaceAll(path.sep, '/')));
}

/** The file of an operation's own tests, which may not exist yet. */
export function testOf(operationId: string): string {
  const file = `/${operationId}.test.ts`;
  return filesIn('test/api').find((name) => name.endsWith(file)) ?? `test/api/<feature>${file}`;
}

/** The document that describes an operation. */
export function documentOf(operationId: string): string {
  const holds = (file: string) => readFileSync(path.join(root, file), 'utf8').includes(`operationId: ${operationId}\n`);
  const documents = filesIn('openapi/paths').filter((name) => name.endsWith('.yaml'));
  return documents.find(holds) ?? 'openapi/paths/';
}
